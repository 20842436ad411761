package io.selfheal.rule;

import io.selfheal.config.Section;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a rule's {@code guardrails}. */
final class GuardsReader {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration WEEK = Duration.ofDays(7);

  private static final String FIELDS =
      "minute, hour, day of the month, month, day of the week, such as \"0 2 * * sun\"";
  private static final String LIBRARY_SAYS = "Failed to parse cron expression. ";

  /** What holds when the file says nothing. */
  private static final Guards DEFAULT =
      new Guards(MINUTE, 5, HOUR, 2, 0.5, false, List.of(), List.of(), HOUR, 10);

  private GuardsReader() {}

  static Guards from(Section guards) {
    return from(guards, DEFAULT);
  }

  /**
   * Reads them.
   *
   * @param otherwise what holds where the file says nothing
   */
  static Guards from(Section guards, Guards otherwise) {
    return new Guards(
        guards.duration("cooldown", otherwise.cooldown(), Duration.ZERO, WEEK),
        guards.integer("most", otherwise.most(), 0, 1000),
        guards.duration("within", otherwise.within(), SECOND, WEEK),
        guards.integer("backoff", otherwise.backoff(), 1, 10),
        guards.share("share", otherwise.share()),
        guards.flag("keep_last", otherwise.keepLast()),
        guards.texts("after", List.of()),
        windows(guards.sections("maintenance")),
        guards.duration("approval_expires", otherwise.approvalExpires(), MINUTE, WEEK),
        guards.integer("debt", otherwise.debt(), 1, 1000));
  }

  private static List<Window> windows(List<Section> sections) {
    List<Window> windows = new ArrayList<>();
    for (Section section : sections) {
      Duration lasts = section.duration("lasts", HOUR, MINUTE, WEEK);
      ZoneId zone = zone(section);
      cron(section).ifPresent(cron -> windows.add(new Window(cron, lasts, zone)));
    }
    return windows;
  }

  private static Optional<Cron> cron(Section section) {
    String text = section.required("cron", FIELDS);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Cron.parse(text));
    } catch (IllegalArgumentException wrong) {
      String why = String.valueOf(wrong.getMessage()).replace(LIBRARY_SAYS, "");
      section.reject("cron", "\"" + text + "\" is no time of crontab(5): " + why, FIELDS);
      return Optional.empty();
    }
  }

  private static ZoneId zone(Section section) {
    String name = section.text("zone", "UTC");
    try {
      return ZoneId.of(name);
    } catch (DateTimeException unknown) {
      section.reject("zone", "\"" + name + "\" is no time zone", "such as Europe/Berlin or UTC");
      return ZoneOffset.UTC;
    }
  }
}
