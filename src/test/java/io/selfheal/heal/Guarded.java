package io.selfheal.heal;

import io.selfheal.config.BadConfiguration;
import io.selfheal.heal.History.Start;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rules;
import io.selfheal.rule.Toys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A remedy before its guardrails: by default nothing stands against it. */
final class Guarded {
  static final String SUBJECT = "worker/images.1";
  static final Moment NOON = new Moment(Instant.parse("2026-01-01T12:00:00Z"), 0);

  /** The forward clock and the time of day, both so much later. */
  static Moment at(Duration after) {
    return new Moment(NOON.wall().plus(after), NOON.in(after));
  }

  static Moment seconds(double after) {
    return at(Duration.ofNanos((long) (after * 1e9)));
  }

  static Moment minutes(double after) {
    return seconds(after * 60);
  }

  /** Rules named {@code a}, {@code b}, …, each with what is said of it, one line each. */
  static Rules rules(String... said) {
    StringBuilder text = new StringBuilder("rules:\n");
    for (int i = 0; i < said.length; i++) {
      String symptom = said[i].contains("symptom:") ? "" : "symptom: worker_unresponsive, ";
      text.append("  - { name: ").append((char) ('a' + i)).append(", ");
      text.append(symptom).append(said[i]).append(" }\n");
    }
    try {
      return Toys.reader(
              List.of("worker_unresponsive", "worker_lost", "memory_pressure", "database_sick"),
              List.of())
          .read("rules.yaml", text.toString());
    } catch (BadConfiguration bad) {
      throw new IllegalArgumentException(bad);
    }
  }

  static Rule rule(String said) {
    return rules(said).all().getFirst();
  }

  static Rule guards(String guardrails) {
    return rule("guardrails: { " + guardrails + " }");
  }

  Rule rule = rule("mode: act");
  String remedy = "restart_worker";
  Consent consent = new Consent.None();
  History history = History.EMPTY;
  Switch pause = PauseSwitch.RUNNING;
  @Nullable String starved;
  @Nullable Crew crew;
  Limits limits = Limits.DEFAULT;

  Guarded() {}

  Guarded(Rule rule) {
    this.rule = rule;
  }

  /** Remedies of the rule on the subject that were started so many minutes after noon. */
  Guarded started(double... minutes) {
    for (double minute : minutes) {
      history = history.started(rule.name(), SUBJECT, new Start("restart_worker", minutes(minute)));
    }
    return this;
  }

  List<Checked> all(Moment now) {
    return Checks.judge(
        new Attempt(rule, remedy, SUBJECT, "incident-1", 1, consent),
        history,
        new Around(now, pause, Optional.ofNullable(starved), crew, limits));
  }

  /** What one guardrail says. */
  Ruling ruling(String guardrail, Moment now) {
    return all(now).stream()
        .filter(one -> one.guardrail().equals(guardrail))
        .findFirst()
        .orElseThrow()
        .ruling();
  }

  Ruling sum(Moment now) {
    return Checks.sum(all(now));
  }

  /** Such as {@code Wait: paused until it is resumed by deploy}. */
  String said(String guardrail, Moment now) {
    return said(ruling(guardrail, now));
  }

  static String said(Ruling ruling) {
    return ruling.getClass().getSimpleName() + ": " + ruling.reason();
  }
}
