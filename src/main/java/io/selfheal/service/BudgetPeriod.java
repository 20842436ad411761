package io.selfheal.service;

import io.selfheal.message.ServiceRequests.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * A day or a month of a time zone, from its first instant to that of the next: a day on which the
 * clock is changed is longer or shorter, and one may begin after midnight. Pure.
 *
 * @param start in milliseconds since 1970
 * @param end likewise; not in it
 */
record BudgetPeriod(long start, long end) {
  /** The one that a time of day is in. */
  static BudgetPeriod of(Period per, ZoneId zone, long wall) {
    LocalDate day = Instant.ofEpochMilli(wall).atZone(zone).toLocalDate();
    LocalDate first = per == Period.DAY ? day : day.withDayOfMonth(1);
    LocalDate after = per == Period.DAY ? first.plusDays(1) : first.plusMonths(1);
    return new BudgetPeriod(begins(first, zone), begins(after, zone));
  }

  private static long begins(LocalDate day, ZoneId zone) {
    return day.atStartOfDay(zone).toInstant().toEpochMilli();
  }

  boolean holds(long wall) {
    return wall >= start && wall < end;
  }
}
