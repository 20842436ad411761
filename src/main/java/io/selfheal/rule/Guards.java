package io.selfheal.rule;

import java.time.Duration;
import java.util.List;

/**
 * What can hold or refuse the remedies of one rule. Section {@code guardrails}.
 *
 * @param cooldown {@code cooldown}: the least time from the start of one remedy of this rule on a
 *     subject to the start of the next, over all incidents; 0s to 7d, default 1m
 * @param most {@code most}: how many remedies this rule may start on one subject within {@code
 *     within}; 0 to 1000, default 5; 0 means none
 * @param within {@code within}: the period of {@code most}; 1s to 7d, default 1h
 * @param backoff {@code backoff}: how much longer than the cooldown each further remedy in a row
 *     waits: cooldown × backoff^n, up to {@code within}; 1 to 10, default 2. It is reset by a
 *     healthy hour: one after such a wait in which no remedy had to start
 * @param share {@code share}: of the processes of one worker at most this share is stopped,
 *     restarted or drained at once, but always one; 0 to 1, default 0.5
 * @param keepLast {@code keep_last}: the only running process of a worker is left running; default
 *     false
 * @param after {@code after}: names of rules whose open incidents are healed first: a cause before
 *     its consequences; not itself, and none that waits for it in turn
 * @param maintenance {@code maintenance}: windows in which this rule only observes
 * @param approvalExpires {@code approval_expires}: how long an approval is waited for before a
 *     person is told that nobody answered; 1m to 7d, default 1h. An approval holds as long
 * @param debt {@code debt}: how often this rule may heal one subject within a day before it is left
 *     to a person; 1 to 1000, default 10
 */
public record Guards(
    Duration cooldown,
    int most,
    Duration within,
    int backoff,
    double share,
    boolean keepLast,
    List<String> after,
    List<Window> maintenance,
    Duration approvalExpires,
    int debt) {
  /** As {@code most} or {@code debt}: any number. Only what the file does not say can be so. */
  public static final int NO_LIMIT = Integer.MAX_VALUE;

  /** Copies the lists. */
  public Guards {
    after = List.copyOf(after);
    maintenance = List.copyOf(maintenance);
  }
}
