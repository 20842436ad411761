package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.heal.Effect.Act;
import io.selfheal.heal.Effect.LookAtSymptom;
import io.selfheal.heal.Effect.Save;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Manner;
import io.selfheal.message.RemedyRequests.Perform;
import io.selfheal.rule.Mode;
import io.selfheal.rule.Rules;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever remedies answer, whatever the symptom does, wherever the agent is killed: an incident of
 * a rule ends, no rung is done twice without being told that it may have been done, and nothing
 * that only holds the symptom down stays.
 */
class ClimbProperties {
  private static final String[] REMEDIES = {"throttle_worker", "clear_cache", "throttle_more"};
  private static final int STEPS = 400;

  private boolean killed;

  @Property(tries = 3000)
  void everyIncidentEnds(@ForAll long seed, @ForAll Mode mode) throws Exception {
    Random random = new Random(seed);
    Rules rules = Ladders.rules(mode, REMEDIES);
    Play play = open(mode, rules);
    Incident disk = play.now.incident();
    Set<Integer> done = new HashSet<>();
    Set<Integer> held = new HashSet<>();
    for (int i = 0; i < STEPS && !over(play); i++) {
      boolean late = i > STEPS / 2;
      disk = step(play, random, late, disk, done, held);
      boolean kill = killed || (!late && random.nextInt(25) == 0);
      killed = false;
      if (kill && !disk.state().over()) {
        play = Play.takeUp(disk, play);
      }
    }
    assertTrue(over(play), () -> "never ended");
    assertEquals(Set.of(), stillHeld(play.now.incident(), held));
  }

  private static Play open(Mode mode, Rules rules) {
    return switch (mode) {
      case ACT -> Play.open(Ladders.seen(), rules);
      case APPROVE -> Play.held(Ladders.seen(), rules);
      case OBSERVE -> Play.rehearsed(Ladders.seen(), rules);
    };
  }

  private static boolean over(Play play) {
    return play.state().over() && !play.wants(Save.class);
  }

  /** One thing happens; what is on disk afterwards. */
  private Incident step(
      Play play, Random random, boolean late, Incident disk, Set<Integer> done, Set<Integer> held) {
    if (play.wants(Save.class) && (late || random.nextInt(3) > 0)) {
      Save save = play.take(Save.class);
      play.with(new Input.Saved(save.revision()));
      return save.incident();
    }
    if (play.wants(Act.class) && (late || random.nextInt(3) > 0)) {
      act(play, random, late, done, held);
    } else if (play.wants(LookAtSymptom.class)) {
      play.take(LookAtSymptom.class);
      play.with(reading(random, late));
    } else if (play.state() == State.WAITING && (late || random.nextInt(4) == 0)) {
      play.with(new Input.Decided(random.nextBoolean(), "so"));
    }
    play.tick(Duration.ofMillis(100 + random.nextInt(8000)));
    return disk;
  }

  private static Input reading(Random random, boolean late) {
    return switch (random.nextInt(late ? 2 : 4)) {
      case 0 -> Ladders.gone();
      case 1 -> Ladders.there();
      case 2 -> Ladders.unknown();
      default -> new Input.SymptomUnread("that part does not run");
    };
  }

  private void act(Play play, Random random, boolean late, Set<Integer> done, Set<Integer> held) {
    Act act = play.take(Act.class);
    Perform query = (Perform) act.question().query();
    Outcome outcome = outcome(query, random, late, held);
    if (query.manner() == Manner.DO) {
      assertTrue(done.add(query.rung()), () -> "done twice: " + query);
    }
    if (query.manner() == Manner.FINISH) {
      done.add(query.rung());
    }
    boolean holds = outcome == Outcome.DONE || outcome == Outcome.ALREADY_DONE;
    if (outcome == Outcome.DONE && query.manner() == Manner.UNDO) {
      held.remove(query.rung());
    } else if (outcome == Outcome.DONE && query.manner() != Manner.REHEARSE) {
      held.add(query.rung());
    }
    // The agent may be killed before it hears of it.
    if (late || random.nextInt(10) > 0) {
      String undo = holds && held.contains(query.rung()) ? "undo" : null;
      play.with(new Input.Acted(act.step(), Ladders.ending(outcome, "so", undo)));
    } else {
      killed = true;
    }
  }

  /** What is done stays done: who looks again finds it so. */
  private static Outcome outcome(Perform query, Random random, boolean late, Set<Integer> held) {
    boolean there = held.contains(query.rung());
    return switch (query.manner()) {
      case REHEARSE -> Outcome.DONE;
      case UNDO -> there ? outcome(random, true) : Outcome.ALREADY_DONE;
      case DO, FINISH -> there ? Outcome.ALREADY_DONE : outcome(random, late);
    };
  }

  private static Outcome outcome(Random random, boolean good) {
    List<Outcome> all =
        good
            ? List.of(Outcome.DONE, Outcome.DONE, Outcome.FAILED)
            : List.of(
                Outcome.DONE,
                Outcome.ALREADY_DONE,
                Outcome.FAILED,
                Outcome.REFUSED,
                Outcome.UNWANTED);
    return all.get(random.nextInt(all.size()));
  }

  /** Rungs that hold the symptom down, although the incident does not say that it cannot lift. */
  private static Set<Integer> stillHeld(Incident incident, Set<Integer> held) {
    Set<Integer> still = new HashSet<>(held);
    still.removeIf(rung -> !REMEDIES[rung].startsWith("throttle"));
    for (Step step : incident.steps()) {
      if (step.undoes() != null) {
        still.remove(step.attempt() - 1);
      }
    }
    return still;
  }
}
