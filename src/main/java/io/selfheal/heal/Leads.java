package io.selfheal.heal;

import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.rule.BuiltIn;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Which remedies of a built-in ladder are one attempt to heal. Guardrails judge and count an
 * attempt once, by the remedy that leads it: who ends a process must be let start another, and jobs
 * are requeued along with it. Pure.
 */
final class Leads {
  private Leads() {}

  /** The index of the remedy that leads the attempt that a remedy belongs to. */
  static int of(List<Step> steps, int index) {
    Step step = steps.get(index);
    return switch (step.remedy()) {
      case RestartWorker.NAME ->
          IntStream.range(0, index)
              .filter(i -> steps.get(i).remedy().equals(StopWorker.NAME))
              .filter(i -> step.process() != null)
              .filter(i -> Objects.equals(steps.get(i).process(), step.process()))
              .filter(i -> !vain(steps.get(i)))
              .reduce((earlier, later) -> later)
              .orElse(index);
      case RequeueJobs.NAME -> ofRequeue(steps, index);
      default -> index;
    };
  }

  /** Whether it never began: the process was gone before anybody let it be ended. */
  private static boolean vain(Step stop) {
    return stop.state() == StepState.ENDED && stop.startedAt() == null;
  }

  /** Of the start that follows it; of the last that went before it when none does. */
  private static int ofRequeue(List<Step> steps, int index) {
    return IntStream.range(index + 1, steps.size())
        .filter(i -> starts(steps.get(i)))
        .boxed()
        .findFirst()
        .or(
            () ->
                IntStream.range(0, index)
                    .filter(i -> starts(steps.get(i)))
                    .boxed()
                    .reduce((earlier, later) -> later))
        .map(start -> of(steps, start))
        .orElse(index);
  }

  private static boolean starts(Step step) {
    return step.remedy().equals(RestartWorker.NAME);
  }

  /** Whether guardrails count a remedy: each of a rule, and the leading ones of built-in rules. */
  static boolean counts(String rule, List<Step> steps, int index) {
    return BuiltIn.named(rule).isEmpty() || of(steps, index) == index;
  }
}
