package io.selfheal.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses {@code 30s}, {@code 1.5h} and {@code 256MiB}. Pure. */
public final class Quantity {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s*([a-zA-Z]*)");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(?:\\.\\d{1,9})?");
  private static final Map<String, Double> MILLIS =
      Map.of("ms", 1.0, "s", 1e3, "m", 60e3, "min", 60e3, "h", 3600e3, "d", 86400e3);
  private static final Map<String, Double> BYTES =
      Map.of(
          "b",
          1.0,
          "kib",
          1024.0,
          "mib",
          1048576.0,
          "gib",
          1073741824.0,
          "kb",
          1e3,
          "mb",
          1e6,
          "gb",
          1e9);

  private Quantity() {}

  /** A number with ms, s, m, h or d behind it; empty when it is not one. */
  public static Optional<Duration> duration(String text) {
    return scaled(text, MILLIS).map(Duration::ofMillis);
  }

  /** A number with B, KiB, MiB, GiB, KB, MB or GB behind it; empty when it is not one. */
  static Optional<Long> bytes(String text) {
    return scaled(text, BYTES);
  }

  /** A number, such as {@code 1.5}; empty when it is not one. */
  static Optional<Double> number(String text) {
    return NUMBER.matcher(text.strip()).matches()
        ? Optional.of(Double.parseDouble(text.strip()))
        : Optional.empty();
  }

  /** A share from 0 to 1, such as {@code 85%} or {@code 0.85}; empty when it is not one. */
  static Optional<Double> share(String text) {
    String bare = text.strip();
    Optional<Double> value =
        bare.endsWith("%")
            ? number(bare.substring(0, bare.length() - 1)).map(percent -> percent / 100)
            : number(bare);
    return value.filter(share -> share >= 0 && share <= 1);
  }

  private static Optional<Long> scaled(String text, Map<String, Double> units) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Double unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
    if (unit == null) {
      return Optional.empty();
    }
    return Optional.of(Math.round(Double.parseDouble(matcher.group(1)) * unit));
  }

  /** A duration as a person would write it. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 86_400_000 == 0) {
      return millis / 86_400_000 + "d";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
