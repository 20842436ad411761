package io.selfheal.symptom;

import io.selfheal.message.SymptomRequests.RuleGuardrails;
import io.selfheal.message.SymptomRequests.RuleState;
import io.selfheal.rule.BuiltIn;
import io.selfheal.rule.Guards;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rung;
import io.selfheal.rule.Window;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A rule as it is shown. Pure. */
final class States {
  private States() {}

  static RuleState of(Watched one) {
    Rule rule = one.rule();
    return new RuleState(
        rule.name(),
        rule.version(),
        rule.symptom(),
        rule.severity(),
        rule.mode().name().toLowerCase(Locale.ROOT),
        rule.lasting(),
        rule.clear(),
        rule.ladder().stream().map(Rung::remedy).toList(),
        rule.verifyWithin(),
        guardrails(rule.guards()),
        one.standings(),
        one.problem());
  }

  /** One that comes with the agent. */
  static RuleState builtIn(Rule rule) {
    return new RuleState(
        rule.name(),
        rule.version(),
        rule.symptom(),
        rule.severity(),
        rule.mode().name().toLowerCase(Locale.ROOT),
        rule.lasting(),
        rule.clear(),
        BuiltIn.named(rule.name()).map(BuiltIn::ladder).orElse(List.of()),
        rule.verifyWithin(),
        guardrails(rule.guards()),
        List.of(),
        null,
        true);
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
