package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.message.Incident.StepState;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Mode;
import io.selfheal.rule.Rules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What happens to incidents is in the history before the next one is judged. */
class LedgerTest {
  private History history = History.EMPTY;

  private static Rules rules(Limits limits) {
    return new Rules("rules.yaml", limits, Ladders.rules(Mode.ACT, "clear_cache").all());
  }

  /** Opens incidents on so many subjects at one moment; answers how many intend a remedy. */
  private long open(int subjects, Rules rules) {
    long intends = 0;
    for (int i = 0; i < subjects; i++) {
      SymptomEvent.Seen like = Ladders.seen();
      SymptomEvent.Seen seen =
          new SymptomEvent.Seen(
              like.rule(),
              like.ruleVersion(),
              like.symptom(),
              "host/disk/" + i,
              like.severity(),
              like.summary(),
              like.values(),
              like.lasted());
      Gate gate = new RuleGate(history, List::of, List.of(), Optional.empty(), Scene.alone());
      World world = new World(Scene.CONFIG, PauseSwitch.RUNNING, rules, gate, Guarded.NOON);
      Move move =
          IncidentPlan.open(
              BuiltIns.match(seen).orElseThrow(), "incident-" + i, "agent", List.of(), world);
      history = Ledger.after(history, null, move, Guarded.NOON);
      intends +=
          move.next().incident().steps().stream()
              .filter(step -> step.state() == StepState.INTENDED)
              .count();
    }
    return intends;
  }

  @Test
  void anIntentCountsBeforeItIsOnDisk() {
    Limits limits = new Limits(10, 1000, Duration.ofSeconds(10));
    assertEquals(10, open(20, rules(limits)), "no more than the rate of a minute");
    assertEquals(10, history.starts().size());
  }

  @Test
  void whatOpensCountsForAStormThoughItsRemedyIsTriedAtOnce() {
    Limits limits = new Limits(1000, 5, Duration.ofSeconds(10));
    assertEquals(5, open(20, rules(limits)), "those that came before it was a storm");
    assertEquals(20, history.openings().size());
  }

  @Test
  void anIntentCountsOnceHoweverOftenItIsLookedAt() {
    Rules rules = rules(Limits.DEFAULT);
    open(1, rules);
    Gate gate = new RuleGate(history, List::of, List.of(), Optional.empty(), Scene.alone());
    World world = new World(Scene.CONFIG, PauseSwitch.RUNNING, rules, gate, Guarded.seconds(1));
    Move opened =
        IncidentPlan.open(
            BuiltIns.match(Ladders.seen()).orElseThrow(), "incident-x", "agent", List.of(), world);
    History once = Ledger.after(history, null, opened, Guarded.seconds(1));
    Move again = IncidentPlan.react(opened.next(), new Input.Ticked(), world);
    History twice = Ledger.after(once, opened.next(), again, Guarded.seconds(2));
    assertEquals(1, twice.starts("low_disk", Ladders.SUBJECT).size());
  }
}
