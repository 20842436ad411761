package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.message.Presence;
import java.util.List;

/**
 * Two thresholds of one measure: at the upper the symptom is there, at the lower it is gone, and
 * between them it is as it was. Pure.
 */
record Band(double enter, double leave) {
  /**
   * Reads a share.
   *
   * @param fallback where it is there, by default
   * @param apart by default it is gone so much lower
   */
  static Band share(Section enter, Section leave, String name, double fallback, double apart) {
    double upper = enter.share(name, fallback);
    double lower = leave.share(name, rounded(Math.max(0, upper - apart)));
    return of(leave, name, upper, lower);
  }

  /** Reads a number that is greater than zero. */
  static Band number(Section enter, Section leave, String name, double fallback, double most) {
    double upper = enter.number(name, fallback, 0.01, most);
    double lower = leave.number(name, rounded(upper * 0.8), 0, most);
    return of(leave, name, upper, lower);
  }

  /** Reads a size; by default it is gone at half of it. */
  static Band bytes(Section enter, Section leave, String name, long fallback) {
    long upper = enter.bytes(name, fallback, 1, 1L << 50);
    long lower = leave.bytes(name, upper / 2, 0, 1L << 50);
    return of(leave, name, (double) upper, (double) lower);
  }

  /** Reads a count; by default it is gone at half of it. */
  static Band count(Section enter, Section leave, String name, int fallback, int most) {
    int upper = enter.integer(name, fallback, 1, most);
    int lower = leave.integer(name, upper / 2, 0, most);
    return of(leave, name, upper, lower);
  }

  private static Band of(Section leave, String name, double upper, double lower) {
    if (lower > upper) {
      leave.reject(name, "is above what enter says", "it would be there and gone at once");
    }
    return new Band(upper, Math.min(upper, lower));
  }

  private static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }

  /** What a measure says. */
  Presence of(double measure) {
    if (Double.isNaN(measure)) {
      return Presence.UNKNOWN;
    }
    if (measure >= enter) {
      return Presence.PRESENT;
    }
    return measure <= leave ? Presence.ABSENT : Presence.BETWEEN;
  }

  /** There when one is there; gone when all are gone. */
  static Presence any(List<Presence> all) {
    if (all.contains(Presence.PRESENT)) {
      return Presence.PRESENT;
    }
    if (all.contains(Presence.UNKNOWN)) {
      return Presence.UNKNOWN;
    }
    return all.contains(Presence.BETWEEN) ? Presence.BETWEEN : Presence.ABSENT;
  }

  /** There when all are there; gone when one is gone. */
  static Presence every(List<Presence> all) {
    if (all.contains(Presence.ABSENT)) {
      return Presence.ABSENT;
    }
    if (all.contains(Presence.UNKNOWN)) {
      return Presence.UNKNOWN;
    }
    return all.contains(Presence.BETWEEN) ? Presence.BETWEEN : Presence.PRESENT;
  }
}
