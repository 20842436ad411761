package io.selfheal.job;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a source writes the holder of a job, for example <code>{host}:{pid}</code>. Placeholders are
 * <code>{host}</code>, <code>{pid}</code>, <code>{start_ticks}</code> and <code>{instance}</code>,
 * each at most once and with some text between them; {@code *} stands for anything, at most twice.
 * Pure.
 */
final class HolderPattern {
  private static final int LONGEST_HOLDER = 512;
  private static final int MOST_WILDCARDS = 2;

  /** Of the kernel's PID_MAX_LIMIT, 4194304. */
  private static final int MOST_PID_DIGITS = 7;

  private static final Pattern PIECE = Pattern.compile("\\{([^{}]*)\\}|(\\*)|([^{}*]+)|([{}])");

  private enum Field {
    HOST("([A-Za-z0-9_.\\-]+)"),
    PID("([1-9][0-9]{0,9})"),
    START_TICKS("([0-9]{1,18})"),
    INSTANCE("(.+)");

    private final String form;

    Field(String form) {
      this.form = form;
    }
  }

  private final String format;
  private final Pattern pattern;
  private final Map<Field, Integer> groups;
  private final int cutAt;
  private final boolean assumed;

  private HolderPattern(
      String format, Pattern pattern, Map<Field, Integer> groups, int cutAt, boolean assumed) {
    this.format = format;
    this.pattern = pattern;
    this.groups = groups;
    this.cutAt = cutAt;
    this.assumed = assumed;
  }

  /** What a holder says; null or empty for what it does not say. */
  record Parts(
      @Nullable String host, OptionalLong pid, OptionalLong startTicks, @Nullable String instance) {
    /** Nothing at all. */
    static final Parts NONE = new Parts(null, OptionalLong.empty(), OptionalLong.empty(), null);
  }

  /**
   * Compiles a format.
   *
   * @throws IllegalArgumentException with what is wrong, for the operator
   */
  static HolderPattern compile(String format) {
    StringBuilder expression = new StringBuilder();
    Map<Field, Integer> groups = new EnumMap<>(Field.class);
    int wildcards = 0;
    boolean open = false;
    Matcher piece = PIECE.matcher(format);
    while (piece.find()) {
      if (piece.group(4) != null) {
        throw new IllegalArgumentException("has a brace without its other half");
      }
      if (piece.group(3) != null) {
        expression.append(Pattern.quote(piece.group(3)));
        open = false;
        continue;
      }
      if (open) {
        throw new IllegalArgumentException(
            "needs some text between " + piece.group() + " and what is before it");
      }
      open = true;
      if (piece.group(2) != null) {
        wildcards++;
        expression.append(".*");
        continue;
      }
      expression.append(placeholder(piece.group(1), groups));
    }
    check(groups, wildcards);
    return new HolderPattern(
        format,
        Pattern.compile(expression.toString(), Pattern.DOTALL),
        groups,
        Integer.MAX_VALUE,
        false);
  }

  /**
   * The same where holders are cut: one of so many characters may have lost its end, and half a pid
   * is another process.
   *
   * @throws IllegalArgumentException with what is wrong, when no whole holder could be so short
   */
  HolderPattern cutAt(int characters) {
    if (shortest() >= characters) {
      throw new IllegalArgumentException(
          "is too long: holders are cut to %d characters, and with a host of one and a pid of seven it has %d"
              .formatted(characters, shortest()));
    }
    return new HolderPattern(format, pattern, groups, characters, assumed);
  }

  /** The same, of a column of which nobody said how it is written. */
  HolderPattern assumed() {
    return new HolderPattern(format, pattern, groups, cutAt, true);
  }

  /** Whether nobody said that holders are written so. */
  boolean isAssumed() {
    return assumed;
  }

  /** Whether it names slots of workers, and not which of their processes. */
  boolean namesOnlyInstances() {
    return groups.containsKey(Field.INSTANCE) && !groups.containsKey(Field.PID);
  }

  private int shortest() {
    return literal() + groups.size() + (groups.containsKey(Field.PID) ? MOST_PID_DIGITS - 1 : 0);
  }

  private int literal() {
    return PIECE.matcher(format).replaceAll("$3").length();
  }

  /**
   * That a process of this host may have a holder that is cut; empty when none can, or when holders
   * name no process.
   */
  Optional<String> cut(String host) {
    if (!groups.containsKey(Field.PID)) {
      return Optional.empty();
    }
    int named = groups.containsKey(Field.HOST) ? host.length() - 1 : 0;
    int digits = cutAt - literal() - named - groups.size();
    if (digits >= MOST_PID_DIGITS) {
      return Optional.empty();
    }
    String whose =
        digits < 1 ? "no process" : "no process whose pid has more than " + digits + " digits";
    return Optional.of(
        "holders of the form %s fit for %s of this host, %s (%d characters): the library keeps %d, and of a name that may be cut no death is proven"
            .formatted(format, whose, host, host.length(), cutAt));
  }

  private static String placeholder(String name, Map<Field, Integer> groups) {
    for (Field field : Field.values()) {
      if (!field.name().toLowerCase(Locale.ROOT).equals(name)) {
        continue;
      }
      if (groups.putIfAbsent(field, groups.size() + 1) != null) {
        throw new IllegalArgumentException("has {" + name + "} twice");
      }
      return field.form;
    }
    throw new IllegalArgumentException("has an unknown placeholder {" + name + "}");
  }

  private static void check(Map<Field, Integer> groups, int wildcards) {
    if (wildcards > MOST_WILDCARDS) {
      throw new IllegalArgumentException("has more than " + MOST_WILDCARDS + " times *");
    }
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("has none of {host} {pid} {instance}: it names nothing");
    }
    if (groups.containsKey(Field.START_TICKS) && !groups.containsKey(Field.PID)) {
      throw new IllegalArgumentException("has {start_ticks} without {pid}");
    }
  }

  /** What a holder says; empty when it does not have this form. */
  Optional<Parts> parse(String holder) {
    if (holder.length() > LONGEST_HOLDER || mayBeCut(holder)) {
      return Optional.empty();
    }
    Matcher matcher = pattern.matcher(holder);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Parts(
            text(matcher, Field.HOST),
            number(matcher, Field.PID),
            number(matcher, Field.START_TICKS),
            text(matcher, Field.INSTANCE)));
  }

  private boolean mayBeCut(String holder) {
    return holder.length() >= cutAt;
  }

  /** Why one cannot be read, to go on from "the holder …". */
  String refusal(String holder) {
    return mayBeCut(holder)
        ? "may be cut, for it has %d characters and its library keeps %d: what it says is not known; give its worker a shorter name"
            .formatted(holder.length(), cutAt)
        : "does not have the form " + format;
  }

  private @Nullable String text(Matcher matcher, Field field) {
    Integer group = groups.get(field);
    return group == null ? null : matcher.group(group);
  }

  private OptionalLong number(Matcher matcher, Field field) {
    String digits = text(matcher, field);
    return digits == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
  }

  /** The placeholders that may be used, for messages. */
  static List<String> placeholders() {
    List<String> names = new ArrayList<>();
    for (Field field : Field.values()) {
      names.add("{" + field.name().toLowerCase(Locale.ROOT) + "}");
    }
    return names;
  }

  @Override
  public String toString() {
    return format;
  }
}
