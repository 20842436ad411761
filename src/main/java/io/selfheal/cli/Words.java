package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;

/** Numbers as a person says them. Pure. */
final class Words {
  private Words() {}

  /** 340 ms, 4.2 s, 3 min, 5.1 h, 12 d; a dash for no data. */
  static String millis(JsonNode value) {
    return value.isNumber() ? millis(value.asDouble()) : "-";
  }

  /** The same of a duration. */
  static String duration(Duration duration) {
    return millis((double) duration.toMillis());
  }

  private static String millis(double millis) {
    if (millis < 1000) {
      return Math.round(millis) + " ms";
    }
    if (millis < 120_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000);
    }
    if (millis < 7_200_000) {
      return Math.round(millis / 60_000) + " min";
    }
    return millis < 172_800_000
        ? String.format(Locale.ROOT, "%.1f h", millis / 3_600_000)
        : Math.round(millis / 86_400_000) + " d";
  }

  /** 512 KiB, 71 MiB, 1.4 GiB; a dash for no data. */
  static String bytes(JsonNode value) {
    if (!value.isNumber() || value.asLong() < 0) {
      return "-";
    }
    double kib = value.asDouble() / 1024;
    if (kib < 1024) {
      return Math.round(kib) + " KiB";
    }
    return kib < 1024 * 1024
        ? Math.round(kib / 1024) + " MiB"
        : String.format(Locale.ROOT, "%.1f GiB", kib / 1024 / 1024);
  }

  /** 12.5 %; a dash for no data. */
  static String share(JsonNode value) {
    return !value.isNumber() || value.asDouble() < 0
        ? "-"
        : String.format(Locale.ROOT, "%.1f %%", value.asDouble() * 100);
  }

  /** The text, or a dash. */
  static String text(JsonNode value) {
    return value.isMissingNode() || value.isNull() ? "-" : value.asText();
  }
}
