package io.selfheal.worker;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What systemd says of a unit's limits, in the words that set them. Pure. */
final class UnitLimits {
  private static final Pattern SPAN = Pattern.compile("(\\d+(?:\\.\\d+)?)(us|ms|s|min|h)");

  private UnitLimits() {}

  /** A limit. */
  enum Property {
    CPU_QUOTA("CPUQuota", "CPUQuotaPerSecUSec"),
    CPU_WEIGHT("CPUWeight", "CPUWeight"),
    IO_WEIGHT("IOWeight", "IOWeight");

    private final String set;
    private final String shown;

    Property(String set, String shown) {
      this.set = set;
      this.shown = shown;
    }

    /** Its name for {@code systemctl set-property}. */
    String set() {
      return set;
    }

    static Optional<Property> named(String set) {
      for (Property property : values()) {
        if (property.set.equals(set)) {
          return Optional.of(property);
        }
      }
      return Optional.empty();
    }
  }

  /** The properties to ask for. */
  static final String PROPERTIES = "CPUQuotaPerSecUSec,CPUWeight,IOWeight";

  /** Reads {@code systemctl show}; empty for one that is not set. */
  static Map<Property, String> parse(String text) {
    Map<Property, String> values = new EnumMap<>(Property.class);
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      for (Property property : Property.values()) {
        if (equals > 0 && line.substring(0, equals).equals(property.shown)) {
          values.put(property, value(property, line.substring(equals + 1).strip()));
        }
      }
    }
    return values;
  }

  private static String value(Property property, String shown) {
    if (shown.isEmpty() || shown.equals("[not set]") || shown.equals("infinity")) {
      return "";
    }
    return property == Property.CPU_QUOTA ? percent(shown) : shown;
  }

  /** Processor time in a second, such as 1s 500ms, as a share of one core, such as 150%. */
  private static String percent(String span) {
    BigDecimal microseconds = BigDecimal.ZERO;
    Matcher part = SPAN.matcher(span);
    while (part.find()) {
      BigDecimal unit =
          switch (part.group(2)) {
            case "us" -> BigDecimal.ONE;
            case "ms" -> BigDecimal.valueOf(1_000);
            case "s" -> BigDecimal.valueOf(1_000_000);
            case "min" -> BigDecimal.valueOf(60_000_000);
            default -> BigDecimal.valueOf(3_600_000_000L);
          };
      microseconds = microseconds.add(new BigDecimal(part.group(1)).multiply(unit));
    }
    return percent(microseconds);
  }

  private static String percent(BigDecimal microseconds) {
    return microseconds.movePointLeft(4).stripTrailingZeros().toPlainString() + "%";
  }

  /** So many cores, as a share of one. */
  static String percent(double cores) {
    return percent(BigDecimal.valueOf(Math.round(cores * 10_000) * 100L));
  }
}
