package io.selfheal.rule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A time of planned work. Where clocks are changed it is rather open than shut: a begin that is
 * skipped comes when the clock jumps, and one whose time comes twice comes twice. It lasts as long
 * as ever.
 *
 * @param cron {@code cron}: when it begins: minute, hour, day of the month, month, day of the week,
 *     as in crontab(5)
 * @param lasts {@code lasts}: 1m to 7d, default 1h
 * @param zone {@code zone}: a name of the time zone database; default UTC
 */
public record Window(Cron cron, Duration lasts, ZoneId zone) {
  /** When the window that is open at a moment began: the earliest, where several are open. */
  public Optional<Instant> begun(Instant now) {
    Instant from = now.minus(lasts);
    Optional<Instant> begin = between(from, false, now);
    ZoneOffsetTransition change = zone.getRules().nextTransition(from);
    while (begin.isEmpty() && change != null && !change.getInstant().isAfter(now)) {
      begin = skipped(change);
      if (begin.isEmpty()) {
        begin = between(change.getInstant(), true, now);
      }
      change = zone.getRules().nextTransition(change.getInstant());
    }
    return begin;
  }

  /** The first begin up to {@code end} under the offset that holds from {@code start} on. */
  private Optional<Instant> between(Instant start, boolean inclusive, Instant end) {
    ZoneOffset offset = zone.getRules().getOffset(start);
    LocalDateTime local = LocalDateTime.ofInstant(start, offset);
    @Nullable ZoneOffsetTransition change = zone.getRules().nextTransition(start);
    return cron.after(inclusive ? local.minusSeconds(1) : local)
        .map(begin -> begin.toInstant(offset))
        .filter(begin -> !begin.isAfter(end))
        .filter(begin -> change == null || begin.isBefore(change.getInstant()));
  }

  /** A begin whose time of day does not come, for the clock jumps over it. */
  private Optional<Instant> skipped(ZoneOffsetTransition change) {
    return cron.after(change.getDateTimeBefore().minusSeconds(1))
        .filter(begin -> begin.isBefore(change.getDateTimeAfter()))
        .map(begin -> change.getInstant());
  }
}
