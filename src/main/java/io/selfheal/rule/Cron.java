package io.selfheal.rule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The five time fields of crontab(5): minute, hour, day of the month, month, day of the week. As
 * there, a day counts when either of the two day fields names it, if both are restricted.
 */
public final class Cron {
  private static final String VALUE = "(?:\\d{1,2}|[a-zA-Z]{3})";
  private static final String PART = "(?:\\*|%1$s(?:-%1$s)?)(?:/\\d{1,2})?".formatted(VALUE);
  private static final String FIELD = "%1$s(?:,%1$s)*".formatted(PART);

  /** Checked beforehand: the library stumbles over some texts, such as {@code 0-/}. */
  private static final Pattern FIELDS = Pattern.compile("%1$s(?:\\s+%1$s){4}".formatted(FIELD));

  /** What is asked whether the fields ever come: every date is within 28 years of it. */
  private static final LocalDateTime ANY_DAY = LocalDateTime.of(2000, 3, 1, 0, 0);

  private final String text;
  private final ExecutionTime times;

  private Cron(String text, ExecutionTime times) {
    this.text = text;
    this.times = times;
  }

  /**
   * Reads the fields.
   *
   * @throws IllegalArgumentException when they are none, or never come, such as 30 February
   */
  public static Cron parse(String text) {
    if (!FIELDS.matcher(text.strip()).matches()) {
      throw new IllegalArgumentException("it is not five fields of *, numbers, ranges and lists");
    }
    List<String> fields = List.of(text.strip().split("\\s+", -1));
    if (mixed(fields.get(2), fields.get(4))) {
      throw new IllegalArgumentException(
          "where both days are set, neither may have *: write 1-31/2 for */2");
    }
    CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    Cron cron = new Cron(text, ExecutionTime.forCron(parser.parse(text)));
    if (cron.after(ANY_DAY).isEmpty()) {
      throw new IllegalArgumentException("it never comes");
    }
    return cron;
  }

  /** Whether both days are set, one with a star: some read that as "either", some as "both". */
  private static boolean mixed(String ofMonth, String ofWeek) {
    boolean both = !ofMonth.equals("*") && !ofWeek.equals("*");
    return both && (ofMonth.contains("*") || ofWeek.contains("*"));
  }

  /** The first time after another, on a clock that is never changed. */
  Optional<LocalDateTime> after(LocalDateTime time) {
    return times.nextExecution(time.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cron cron && text.equals(cron.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
