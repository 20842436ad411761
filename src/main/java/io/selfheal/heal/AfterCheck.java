package io.selfheal.heal;

import io.selfheal.heal.History.Open;
import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Wait;
import io.selfheal.message.Incident.State;
import io.selfheal.rule.Rule;
import java.util.Comparator;
import java.util.Optional;

/** A cause is healed before its consequences. */
final class AfterCheck {
  private AfterCheck() {}

  static Ruling judge(Attempt attempt, History history) {
    if (attempt.rule().guards().after().isEmpty()) {
      return new Allowed("it waits for no other rule");
    }
    return cause(attempt.rule(), history)
        .<Ruling>map(cause -> new Wait(null, told(cause), cause.incidentId()))
        .orElseGet(
            () ->
                new Allowed(
                    "no open incident of " + String.join(", ", attempt.rule().guards().after())));
  }

  /**
   * The open incident that one of a rule is a consequence of: the first that the rule names. While
   * there is one, people hear of the cause, and not of the consequence.
   */
  static Optional<Open> cause(Rule rule, History history) {
    return rule.guards().after().stream()
        .flatMap(
            name ->
                history.open().values().stream()
                    .filter(open -> open.rule().equals(name))
                    .sorted(Comparator.comparing(Open::incidentId)))
        .findFirst();
  }

  private static String told(Open cause) {
    String has = cause.state() == State.ESCALATED ? ", which a person has" : "";
    return "its cause is healed first: %s on %s (incident %s%s)"
        .formatted(
            cause.rule(), Words.subject(cause.subject()), Words.tail(cause.incidentId()), has);
  }
}
