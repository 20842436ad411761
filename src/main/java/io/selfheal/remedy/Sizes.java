package io.selfheal.remedy;

import java.util.List;
import java.util.Locale;

/** Sizes for people. Pure. */
final class Sizes {
  private static final List<String> UNITS = List.of("bytes", "KiB", "MiB", "GiB", "TiB");

  private Sizes() {}

  /** Such as {@code 1.5 GiB}. */
  static String text(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= 1024 && unit < UNITS.size() - 1) {
      size /= 1024;
      unit++;
    }
    String form = unit == 0 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, form, size, UNITS.get(unit));
  }

  /** Such as {@code 3 files}. */
  static String files(long count) {
    return count == 1 ? "1 file" : count + " files";
  }

  /** Such as {@code 79.4 %}. */
  static String share(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }
}
