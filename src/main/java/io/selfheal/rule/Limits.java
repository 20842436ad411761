package io.selfheal.rule;

import io.selfheal.config.Section;
import java.time.Duration;

/**
 * What can hold the remedies of all rules together. Section {@code limits} of the rules.
 *
 * @param perMinute {@code remedies_per_minute}: remedies that may start within a minute; 1 to 1000,
 *     default 10
 * @param storm {@code storm.symptoms}: so many symptoms that appear on different subjects within
 *     {@code storm.within} speak against the observer rather than for so many faults: remedies wait
 *     until it is over; 2 to 1000, default 10
 * @param stormWithin {@code storm.within}: 1s to 1h, default 10s
 */
public record Limits(int perMinute, int storm, Duration stormWithin) {
  /** What holds when the file says nothing. */
  public static final Limits DEFAULT = new Limits(10, 10, Duration.ofSeconds(10));

  static Limits from(Section limits) {
    Section storm = limits.section("storm");
    return new Limits(
        limits.integer("remedies_per_minute", 10, 1, 1000),
        storm.integer("symptoms", 10, 2, 1000),
        storm.duration(
            "within", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofHours(1)));
  }
}
