package io.selfheal.job;

import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rows of a source, as it is configured and as its last look read them, cannot prove, and
 * what its tables do not let be done; said once when it begins.
 */
final class Rows {
  private static final Logger LOG = LoggerFactory.getLogger(Rows.class);

  private final SourceConfig config;
  private @Nullable String unproven;
  private @Nullable String doubt;
  private @Nullable String lacking;

  Rows(SourceConfig config) {
    this.config = config;
    this.unproven = config.unproven();
    if (unproven != null) {
      LOG.warn("Source {}: {}", config.name(), unproven);
    }
  }

  /** Without a running job nothing new is known. */
  void holders(Forms forms) {
    if (!forms.any()) {
      return;
    }
    String found = forms.problem();
    if (found != null && Objects.equals(unproven, config.unproven())) {
      LOG.warn("Source {}: {}", config.name(), found);
    }
    unproven =
        Stream.of(found, config.unproven())
            .flatMap(Stream::ofNullable)
            .reduce((first, second) -> first + "; " + second)
            .orElse(null);
  }

  /** Jobs that are looked at with a wrong clock stay so until they are gone. */
  void times(@Nullable Duration off) {
    String before = doubt;
    doubt = off == null ? null : Believed.words(off, config.layout().taken());
    if (doubt != null && before == null) {
      LOG.warn("Source {}: rescues wait: {}", config.name(), doubt);
    }
  }

  /** What the last look into the catalog found missing to put jobs aside. */
  void lacking(@Nullable String found) {
    if (found != null && lacking == null) {
      LOG.warn("Source {}: jobs that kill their workers stay claimed: {}", config.name(), found);
    }
    lacking = found;
  }

  /** Why deaths of holders can never be proven; null when no reason is known. */
  @Nullable String unproven() {
    return unproven;
  }

  /** Why the times of its rows cannot be believed; null when they can. */
  @Nullable String doubt() {
    return doubt;
  }
}
