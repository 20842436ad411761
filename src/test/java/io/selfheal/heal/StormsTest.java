package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The incident of a storm, and what a storm does to the incidents of those that fell in it. */
class StormsTest {
  private static final String STORM = "01900000-0000-7000-8000-000000000001";

  private boolean blows = true;
  private List<Case> open = List.of();

  private final Gate gate =
      new Gate() {
        @Override
        public Pass judge(Turn turn, int index, SymptomEvent.Seen seen, Rule rule) {
          return new Pass.Go();
        }

        @Override
        public Pass builtIn(Turn turn, int index, Rule rule) {
          boolean ends = Reach.endsProcesses(turn.steps.get(index).remedy());
          return blows && ends ? new Pass.Hold() : new Pass.Go();
        }

        @Override
        public Ruling storm(Turn turn) {
          return blows ? new Ruling.Wait(null, "many fell sick", STORM) : new Ruling.Allowed("");
        }

        @Override
        public List<Case> causedBy(String incidentId) {
          return open;
        }
      };

  private Play storm() {
    return Play.guarded(Storms.match("10 subjects fell sick", 10).cause(), gate).settle();
  }

  @Test
  void itEndsWhenItHasPassedAndThoseThatFellHaveEnded() {
    Play play = storm();
    play.with(new Input.Retold("20 subjects fell sick"));
    assertEquals("20 subjects fell sick", play.now.incident().summary());
    play.tick(Duration.ofMinutes(9));
    assertEquals(State.OPENED, play.state());
    blows = false;
    Case one = Play.open(Scene.lost(4711)).now;
    open = List.of(one);
    play.tick(Duration.ofHours(9));
    assertEquals(State.VERIFYING, play.state(), "one of them is still down");
    open = List.of();
    play.with(new Input.ConsequenceOver(over(one.incident())));
    play.with(new Input.ConsequenceOver(over(one.incident())));
    assertEquals(State.SELF_RECOVERED, play.state());
    assertTrue(
        play.now.incident().result().contains("1 healed, 0 recovered, 0 left to a person"),
        () -> play.now.incident().result());
    assertEquals(List.of(), play.acts());
  }

  private static Incident over(Incident one) {
    return Watchman.incident(
        one.id(), one.rule(), one.subject(), State.CLOSED, Scene.NOON, Scene.NOON, List.of());
  }

  @Test
  void oneThatGoesOnIsAPersons() {
    Play play = storm();
    play.tick(Duration.ofMinutes(10));
    assertEquals(State.ESCALATED, play.state());
    assertTrue(play.told.contains("incident.escalated"));
  }

  @Test
  void whatIsIntendedAndHasNotBegunIsJudgedAnewAfterIt() {
    blows = false;
    Play play = Play.guarded(Scene.lost(4711), gate);
    assertEquals(StepState.INTENDED, play.now.incident().steps().get(1).state());
    blows = true;
    play.settle();
    assertEquals(List.of("requeue_jobs"), play.acts(), "jobs are proven stuck in any weather");
    assertEquals(StepState.PLANNED, play.now.incident().steps().get(1).state());
    assertEquals(STORM, play.now.incident().causedBy());
    blows = false;
    play.tick(Duration.ofSeconds(1)).settle();
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
  }

  /** Jobs that nobody can read now, for the database is away, keep no other process down. */
  @Test
  void oneThatComesBackCountsUntilItsProcessIsSeenToRun() {
    blows = false;
    Play play = Play.guarded(Scene.lost(4711), gate).settle();
    play.with(new Input.Caused(STORM, "many fell sick"));
    play.requeued().restarted(4712);
    assertEquals(State.VERIFYING, play.state());
    assertEquals(1, healing(play));
    Input runs =
        new Input.WorkersSeen(
            Scene.workers(4712, io.selfheal.message.WorkerRequests.Liveness.RUNNING));
    play.workers(runs).tick(Duration.ofSeconds(2));
    play.workers(runs).jobs(new Input.JobsUnseen("PostgreSQL is away"));
    assertEquals(State.VERIFYING, play.state());
    assertEquals(0, healing(play));
  }

  private static int healing(Play play) {
    return Crews.of(null, List.of(play.now), "worker/images.2", "another").healing();
  }

  @Test
  void theFirstCauseThatIsKnownStays() {
    Play play = Play.open(Scene.lost(4711)).settle();
    assertNull(play.now.incident().causedBy());
    play.with(new Input.Caused("a", "because of a")).with(new Input.Caused("b", "because of b"));
    assertEquals("a", play.now.incident().causedBy());
    assertEquals(
        1,
        play.now.incident().timeline().stream()
            .filter(entry -> entry.kind().equals("linked"))
            .count());
  }

  private static List<Fallen> fallen(Event... causes) {
    List<Fallen> fallen = new ArrayList<>();
    for (int i = 0; i < causes.length; i++) {
      fallen.add(
          new Fallen("worker/images." + i, causes[i], Guarded.at(Duration.ofMillis(10L * i))));
    }
    return fallen;
  }

  private static String told(Event... causes) {
    return InCommon.told(fallen(causes), Optional.empty(), Map.of());
  }

  @Test
  void whatTheyHaveInCommonIsTold() {
    assertEquals(
        "3 subjects fell sick within 20 ms: images.0, images.1, images.2. In common: 3 of 3: died;"
            + " 3 of 3 are of worker images; 3 of 3 killed by signal 9",
        told(Scene.lost(1), Scene.lost(2), Scene.lost(3)));
    assertEquals(
        "2 subjects fell sick within 10 ms: images.0, images.1. In common: nothing that the"
            + " evidence tells; the agent's own ticks come late, so the agent may not see well;"
            + " database does not answer (refused)",
        InCommon.told(
            fallen(Scene.lost("a", 1), Scene.stuckIn("b", "1")),
            Optional.of("the agent's own ticks come late"),
            Map.of("database", "refused")));
  }

  @Test
  void memoryThatAGroupLackedIsTold() {
    Event killed = outOfMemory(1);
    String told = told(killed, outOfMemory(2));
    assertTrue(told.endsWith("2 of 2 were killed for memory in /images"), told);
    assertTrue(told.contains("ended by signal 9 (KILL)"), told);
  }

  private static Event outOfMemory(long pid) {
    return new io.selfheal.message.WorkerEvent.Lost(
        "images",
        "images." + pid,
        Scene.process(pid),
        io.selfheal.message.Owner.AGENT,
        "ended by signal 9 (KILL); killed for memory: oom_kill of /images rose from 0 to " + pid,
        Scene.NOON,
        Duration.ofHours(1),
        io.selfheal.message.WorkerEvent.End.CRASHED);
  }
}
