package io.selfheal.symptom;

import io.selfheal.message.SymptomRequests.RuleGuardrails;
import io.selfheal.message.SymptomRequests.RuleState;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.rule.BuiltIn;
import io.selfheal.rule.Guards;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rung;
import io.selfheal.rule.Window;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A rule as it is shown. Pure. */
final class States {
  private States() {}

  static RuleState of(Watched one) {
    List<String> ladder = one.rule().ladder().stream().map(Rung::remedy).toList();
    return state(one.rule(), ladder, one.standings(), one.problem(), false);
  }

  /** One that comes with the agent. */
  static RuleState builtIn(Rule rule) {
    List<String> ladder = BuiltIn.named(rule.name()).map(BuiltIn::ladder).orElse(List.of());
    return state(rule, ladder, List.of(), null, true);
  }

  private static RuleState state(
      Rule rule,
      List<String> ladder,
      List<Standing> subjects,
      @Nullable String problem,
      boolean builtIn) {
    return new RuleState(
        rule.name(),
        rule.version(),
        rule.symptom(),
        rule.severity(),
        rule.mode().name().toLowerCase(Locale.ROOT),
        rule.lasting(),
        rule.clear(),
        ladder,
        rule.verifyWithin(),
        guardrails(rule.guards()),
        subjects,
        problem,
        builtIn);
  }

  private static RuleGuardrails guardrails(Guards guards) {
    return new RuleGuardrails(
        guards.cooldown(),
        guards.most(),
        guards.within(),
        guards.backoff(),
        guards.share(),
        guards.keepLast(),
        guards.after(),
        guards.maintenance().stream().map(States::words).toList(),
        guards.approvalExpires(),
        guards.debt());
  }

  private static String words(Window window) {
    return "%s (%s) for %s".formatted(window.cron(), window.zone().getId(), words(window.lasts()));
  }

  private static String words(Duration lasts) {
    long minutes = lasts.toMinutes();
    return minutes % 60 == 0 ? minutes / 60 + " h" : minutes + " min";
  }
}
