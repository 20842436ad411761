package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.file.Broad;
import io.selfheal.file.Found;
import io.selfheal.file.Globs;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * {@code clear_cache}: removes files that are worth less than room, oldest first, and no more of
 * them than it takes. It cannot be taken back. {@code with}:
 *
 * <ul>
 *   <li>{@code roots}: the directories whose files may be removed; required
 *   <li>{@code globs}: which files below them, such as {@code *.bin}, or {@code **}{@code /*.bin}
 *       at any depth; required
 *   <li>{@code until}: so much of the file system may be used when it is done, such as 80%
 *   <li>{@code keep}: so many bytes of these files may be there when it is done, such as 10GiB; at
 *       least one of both is needed, and both hold
 *   <li>{@code min_age}: files that were made or modified since are kept; 0s to 365d, default 10m
 *   <li>{@code by}: what is old: modified (default), or used, the later of when it was read or
 *       modified
 *   <li>{@code unseen}: what to do when there are processes that the agent may not look into, so
 *       that it cannot know which files they have open: refuse (default) or ignore
 * </ul>
 *
 * <p>Only regular files go, never directories; never what a process has open or mapped. A file with
 * a second name, or with holes, gives less room than its length: then the rule's next attempt goes
 * on.
 */
final class ClearCache implements Remedy {
  private static final Duration YEAR = Duration.ofDays(365);

  private final Broad broad;

  ClearCache(Broad broad) {
    this.broad = broad;
  }

  /** By what a file is old. */
  enum Age {
    MODIFIED,
    USED;

    Function<Found, Instant> of() {
      return switch (this) {
        case MODIFIED -> Found::modified;
        case USED -> Found::used;
      };
    }
  }

  /** What to do when not every process can be looked into. */
  enum Unseen {
    REFUSE,
    IGNORE
  }

  /** What a rule says of it; see the class. */
  record Settings(
      List<Path> roots,
      Globs globs,
      OptionalDouble until,
      OptionalLong keep,
      Duration minAge,
      Age by,
      Unseen unseen) {}

  @Override
  public String name() {
    return "clear_cache";
  }

  @Override
  public String description() {
    return "Removes files of declared directories, oldest first, until there is room again.";
  }

  @Override
  public Act read(Section with) {
    OptionalDouble until =
        with.has("until") ? OptionalDouble.of(with.share("until", 0.8)) : OptionalDouble.empty();
    OptionalLong keep =
        with.has("keep")
            ? OptionalLong.of(with.bytes("keep", 0, 0, Long.MAX_VALUE))
            : OptionalLong.empty();
    if (until.isEmpty() && keep.isEmpty()) {
      with.reject("until", "is missing, and so is keep", "such as until: 80%, or keep: 10GiB");
    }
    return new ClearCacheAct(
        new Settings(
            Declared.roots(with, broad),
            Declared.globs(with),
            until,
            keep,
            with.duration("min_age", Duration.ofMinutes(10), Duration.ZERO, YEAR),
            with.choice("by", Age.MODIFIED, Age.class),
            with.choice("unseen", Unseen.REFUSE, Unseen.class)));
  }
}
