package io.selfheal.symptom;

import java.time.Duration;
import java.util.Locale;

/** How amounts are written for an operator. Pure. */
final class Amounts {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Amounts() {}

  /** 512 B, 1.5 GiB. */
  static String bytes(double bytes) {
    double left = bytes;
    int unit = 0;
    while (Math.abs(left) >= 1024 && unit < UNITS.length - 1) {
      left /= 1024;
      unit++;
    }
    String form = unit == 0 || Math.abs(left) >= 100 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, form, left, UNITS[unit]);
  }

  /** 93 %. */
  static String share(double share) {
    return String.format(Locale.ROOT, share < 0.1 ? "%.1f %%" : "%.0f %%", share * 100);
  }

  /** 12 s, 40 min, 3.5 h, 12 d. */
  static String time(double seconds) {
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    if (seconds < 7200) {
      return String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }
    if (seconds < 172_800) {
      return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
    return seconds < 86_400 * 1000.0
        ? String.format(Locale.ROOT, "%.0f d", seconds / 86_400)
        : "years";
  }

  static String time(Duration duration) {
    return time(duration.toMillis() / 1e3);
  }
}
