package io.selfheal.rule;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How far the rules that come with the agent may go. Section {@code built_in} of the rules: one key
 * for each {@link BuiltIn}, with {@code mode} and {@code guardrails} as of any other rule.
 *
 * <p>Their guardrails are wide by default, for a limit of their own holds restarts in any case
 * ({@code healing.restart_limit} of the configuration): {@code cooldown} 0s, {@code most} and
 * {@code debt} without a limit, {@code backoff} 1. The others are those of {@link Guards}. What
 * counts as one of their remedies is an attempt to heal: the stop and the start that follows it are
 * one, and jobs are requeued along with it. The share counts for processes that run, and for those
 * that fell together with many others: they come back a share at a time.
 *
 * @param perMinute {@code remedies_per_minute}: how many of their attempts may begin within a
 *     minute; 1 to 1000, default 60
 * @param all in the order of {@link BuiltIn}
 */
public record BuiltInRules(int perMinute, List<Rule> all) {
  private static final int PER_MINUTE = 60;

  /** Rises with every change of what the agent does by itself. */
  static final String VERSION = "1";

  /** The incident of a storm is told by this name; no rule can have it. */
  public static final String STORM = "storm";

  static final Guards GUARDS =
      new Guards(
          Duration.ZERO,
          Guards.NO_LIMIT,
          Duration.ofHours(1),
          1,
          0.5,
          false,
          List.of(),
          List.of(),
          Duration.ofHours(1),
          Guards.NO_LIMIT);

  /** What holds when the file says nothing. */
  public static final BuiltInRules DEFAULT =
      new BuiltInRules(
          PER_MINUTE,
          Arrays.stream(BuiltIn.values())
              .map(one -> rule(one, VERSION, Mode.ACT, GUARDS))
              .toList());

  /** Copies the list. */
  public BuiltInRules {
    all = List.copyOf(all);
  }

  /** The rule of a name. */
  public Optional<Rule> named(String name) {
    return all.stream().filter(rule -> rule.name().equals(name)).findFirst();
  }

  /** Whether no rule of the file can have a name. */
  static boolean taken(String name) {
    return name.equals(STORM) || BuiltIn.named(name).isPresent();
  }

  static Rule rule(BuiltIn one, String version, Mode mode, Guards guards) {
    return new Rule(
        one.key(),
        version,
        one.symptom(),
        one.severity(),
        () -> new Detector() {},
        Duration.ZERO,
        Duration.ZERO,
        List.of(),
        Duration.ZERO,
        mode,
        guards);
  }
}
