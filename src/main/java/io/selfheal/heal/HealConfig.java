package io.selfheal.heal;

import io.selfheal.config.Section;
import java.time.Duration;

/**
 * How far the healer may go on its own. Section {@code healing}.
 *
 * @param restarts {@code restart_limit.restarts}: how often one worker slot is started again within
 *     the window before a person is asked; 0 to 1000, default 5; 0 means never
 * @param window {@code restart_limit.window}: 1s to 1d, default 10m
 * @param backoff {@code restart_limit.backoff}: the least time from one restart to the next; it
 *     doubles with each, and an hour without one resets it; 100ms to 1h, default 1s
 * @param backoffMax {@code restart_limit.backoff_max}: where the doubling ends; 100ms to 1d,
 *     default 60s
 * @param verifyFor {@code verify_for}: how long a new process must have been running before it
 *     counts as healed; 0s to 1h, default 2s
 * @param deadline {@code deadline}: how long an attempt may take to be verified before the next;
 *     waiting for PostgreSQL does not count; 1s to 1d, default 60s
 * @param attempts {@code attempts}: how often a remedy that fails, other than a restart, is tried
 *     in one incident before a person is asked; 1 to 100, default 3
 * @param grace {@code grace}: how long a silent worker has after TERM before KILL; 0s to 10m,
 *     default 10s. A frozen one cannot act on TERM and is killed at once
 */
public record HealConfig(
    int restarts,
    Duration window,
    Duration backoff,
    Duration backoffMax,
    Duration verifyFor,
    Duration deadline,
    int attempts,
    Duration grace) {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TENTH = Duration.ofMillis(100);

  /** Reads the section {@code healing}. */
  public static HealConfig from(Section healing) {
    Section limit = healing.section("restart_limit");
    HealConfig config =
        new HealConfig(
            limit.integer("restarts", 5, 0, 1000),
            limit.duration("window", Duration.ofMinutes(10), SECOND, DAY),
            limit.duration("backoff", SECOND, TENTH, HOUR),
            limit.duration("backoff_max", Duration.ofSeconds(60), TENTH, DAY),
            healing.duration("verify_for", Duration.ofSeconds(2), Duration.ZERO, HOUR),
            healing.duration("deadline", Duration.ofSeconds(60), SECOND, DAY),
            healing.integer("attempts", 3, 1, 100),
            healing.duration("grace", Duration.ofSeconds(10), Duration.ZERO, HOUR.dividedBy(6)));
    if (config.backoffMax.compareTo(config.backoff) < 0) {
      limit.reject("backoff_max", "is shorter than backoff", "make it at least as long");
    }
    if (config.deadline.compareTo(config.verifyFor) <= 0) {
      healing.reject("deadline", "is not longer than verify_for", "nothing could be verified");
    }
    return config;
  }
}
