package io.selfheal.heal;

import io.selfheal.heal.History.Open;
import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.Entry;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Severity;
import io.selfheal.message.Subject;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.BuiltInRules;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The incident that a storm of symptoms is itself: one, with what the many have in common. It has
 * no remedies of its own. It ends when no more fall sick and each that did has come to its end; one
 * that goes on for too long is a person's. Pure.
 */
final class Storms {
  /** The name of its rule, and of its symptom. */
  static final String NAME = BuiltInRules.STORM;

  private static final String VERSION = "1";

  /** What is held for so long is not held without a person knowing. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private Storms() {}

  /** Whether it is the incident of a storm. */
  static boolean is(Incident incident) {
    return incident.rule().equals(NAME);
  }

  /** Whether its opening counts for a storm: not what somebody wanted, and not the storm itself. */
  static boolean counts(Case one) {
    return !is(one.incident()) && !wanted(one.cause());
  }

  /** The same of one that is stored. */
  static boolean counts(Incident incident) {
    try {
      return !is(incident) && !wanted(Cause.read(incident.symptom(), incident.cause()));
    } catch (IOException otherVersion) {
      return true;
    }
  }

  private static boolean wanted(Event cause) {
    return cause instanceof WorkerEvent.Lost lost && lost.end() == WorkerEvent.End.ORDERLY;
  }

  /** The one that is told of already. */
  static Optional<Open> standing(History history) {
    return history.open().values().stream().filter(open -> open.rule().equals(NAME)).findFirst();
  }

  /** What opens its incident. */
  static Match match(String summary, int subjects) {
    SymptomEvent.Seen seen =
        new SymptomEvent.Seen(
            NAME,
            VERSION,
            NAME,
            Subject.HOST,
            Severity.CRITICAL,
            summary,
            Map.of("subjects", (double) subjects),
            Duration.ZERO);
    return new Match(NAME, seen, summary, List.of());
  }

  /** One that fell sick in it has come to its end. */
  static void ended(Turn turn, Incident one) {
    turn.noteOnce(kind(one.state()), Words.subject(one.subject()) + " (" + one.id() + ")");
  }

  private static String kind(State state) {
    return switch (state) {
      case CLOSED -> "healed";
      case SELF_RECOVERED -> "recovered";
      case ESCALATED -> "left";
      case OPENED, WAITING, HEALING, VERIFYING -> "open";
    };
  }

  static void advance(Turn turn) {
    if (turn.state().over()) {
      return;
    }
    boolean blows = turn.world.gate().storm(turn) instanceof Ruling.Wait;
    Duration lasted = turn.now().since(turn.before.opened());
    if (blows && lasted.compareTo(LONGEST) >= 0) {
      Closing.escalate(
          turn,
          "more fall sick for %s by now; nothing of it is stopped or started before that is over"
              .formatted(Words.duration(lasted)));
      return;
    }
    if (blows) {
      return;
    }
    if (turn.state() != State.VERIFYING) {
      turn.become(State.VERIFYING);
      turn.note("passed", "No more fall sick; those that are down come back a share at a time");
    }
    if (turn.world.gate().causedBy(turn.was.id()).isEmpty()) {
      Closing.passed(turn, told(turn));
    }
  }

  private static String told(Turn turn) {
    long healed = count(turn, "healed");
    long recovered = count(turn, "recovered");
    long left = count(turn, "left");
    return "the storm has passed: %d healed, %d recovered, %d left to a person"
        .formatted(healed, recovered, left);
  }

  private static long count(Turn turn, String kind) {
    return turn.entries().stream().map(Entry::kind).filter(kind::equals).count();
  }
}
