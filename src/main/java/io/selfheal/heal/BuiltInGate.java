package io.selfheal.heal;

import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.Incident.Step;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rules;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which guardrails are asked before a remedy of a built-in rule. What leads an attempt is judged by
 * all of them. What follows it, the start after a stop, only waits for the end of a storm: refusing
 * it would leave nothing running. Jobs are requeued in a storm, too: each is proven stuck anew.
 *
 * <p>The pause switch and the restart limit are asked for by {@link Guardrails}.
 */
final class BuiltInGate {
  private static final Set<String> FOLLOWING = Set.of("storm");
  private static final Set<String> RESCUING = Set.of("mode", "maintenance", "after", "approval");
  private static final Switch ASKED_ELSEWHERE = PauseSwitch.RUNNING;

  private BuiltInGate() {}

  /**
   * What they say.
   *
   * @param crew of the worker, where the share of its processes counts
   */
  static List<Checked> judge(
      Turn turn,
      int index,
      Rule rule,
      History history,
      Optional<String> starved,
      @Nullable Crew crew) {
    Step step = turn.steps.get(index);
    int lead = Leads.of(turn.steps, index);
    Attempt attempt =
        new Attempt(
            rule,
            step.remedy(),
            turn.was.subject(),
            turn.was.id(),
            1,
            Approval.consent(turn, lead));
    Around around =
        new Around(turn.now(), ASKED_ELSEWHERE, starved, crew, limits(turn.world.rules()));
    return Checks.judge(attempt, history, around).stream()
        .filter(one -> asked(one.guardrail(), step, lead == index))
        .toList();
  }

  private static boolean asked(String guardrail, Step step, boolean leads) {
    boolean ends = Reach.endsProcesses(step.remedy());
    if (!leads) {
      return (ends ? FOLLOWING : RESCUING).contains(guardrail);
    }
    return !guardrail.equals("pause") && (ends || !guardrail.equals("storm"));
  }

  private static Limits limits(Rules rules) {
    Limits all = rules.limits();
    return new Limits(rules.builtIn().perMinute(), all.storm(), all.stormWithin());
  }
}
