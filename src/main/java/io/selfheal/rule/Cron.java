package io.selfheal.rule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * The five time fields of crontab(5): minute, hour, day of the month, month, day of the week. As
 * there, a day counts when either of the two day fields names it, if both are restricted.
 */
public final class Cron {
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
    CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    Cron cron = new Cron(text, ExecutionTime.forCron(parser.parse(text)));
    if (cron.after(ANY_DAY).isEmpty()) {
      throw new IllegalArgumentException("it never comes");
    }
    return cron;
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
