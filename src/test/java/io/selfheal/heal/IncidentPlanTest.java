package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.heal.Effect.Act;
import io.selfheal.heal.Effect.LookAtWorkers;
import io.selfheal.heal.Effect.Save;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Outcome;
import io.selfheal.message.Owner;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.StartInstance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IncidentPlanTest {
  private static final Input RUNS = new Input.WorkersSeen(Scene.workers(4712, Liveness.RUNNING));

  @Test
  void lostWorkerIsSaidAtOnceAndHealed() {
    Play play = Play.open(Scene.lost(4711));
    assertEquals(List.of("incident.opened"), play.told);
    assertEquals(List.of(), play.acts(), "nothing before the intent is on disk");
    play.saved();
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
    play.requeued().restarted(4712);
    assertEquals(State.VERIFYING, play.state());
    play.verify(4712);
    assertEquals(State.CLOSED, play.state());
    assertEquals(
        "healed in 2.0 s: 2 jobs requeued, started as pid 4712", play.now.incident().result());
    assertTrue(play.now.finished());
    assertEquals(
        List.of(
            "incident.opened",
            "incident.remedy_started",
            "incident.remedy_started",
            "incident.remedy_finished",
            "incident.remedy_finished",
            "incident.verified",
            "incident.closed"),
        play.told);
  }

  @Test
  void intentsAreWhatIsWrittenBeforeTheAct() {
    Play play = Play.open(Scene.lost(4711));
    Save save = play.take(Save.class);
    assertTrue(
        save.incident().steps().stream().allMatch(step -> step.state() == StepState.INTENDED));
    play.with(new Input.NotSaved(save.revision(), "disk full"));
    assertEquals(List.of(), play.acts());
    assertEquals("disk full", play.now.disk().problem());
    play.tick();
    assertFalse(play.wants(Save.class), "not again at once");
    play.tick(Duration.ofSeconds(1)).saved();
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
  }

  @Test
  void requeueThatWaitsForTheDatabaseDoesNotHoldUpTheRestart() {
    Play play = Play.open(Scene.lost(4711)).settle().restarted(4712);
    play.done("requeue_jobs", Outcome.DEFERRED, "PostgreSQL is away", 0).settle();
    assertEquals(State.HEALING, play.state());
    play.tick();
    assertEquals(List.of(), play.acts());
    play.tick(Duration.ofSeconds(1));
    assertEquals(List.of("requeue_jobs"), play.acts(), "tried again after a pause");
    play.done("requeue_jobs", Outcome.DEFERRED, "PostgreSQL is away", 0);
    assertFalse(play.wants(Save.class), "the same again is no news");
    play.with(new Input.DatabaseBack());
    assertEquals(List.of("requeue_jobs"), play.acts(), "at once when it is back");
    play.requeued().tick().verify(4712);
    assertEquals(State.CLOSED, play.state());
  }

  @Test
  void verificationWaitsForTheDatabaseRatherThanClaim() {
    Play play = Play.open(Scene.lost(4711)).settle().requeued().restarted(4712);
    play.workers(RUNS).tick(Duration.ofSeconds(2)).workers(RUNS);
    for (int i = 0; i < 100; i++) {
      play.jobs(new Input.JobsSeen(Scene.unreadable(true))).tick(Duration.ofSeconds(5));
      assertEquals(State.VERIFYING, play.state());
    }
    play.jobs(new Input.JobsSeen(Scene.swept(true)));
    assertEquals(State.CLOSED, play.state());
  }

  @Test
  void workerOfOthersIsLeftToAPersonAfterRequeueing() {
    Play play = Play.open(Scene.lost(4711, Owner.OTHER)).settle();
    assertEquals(List.of("requeue_jobs"), play.acts());
    assertEquals(State.HEALING, play.state());
    play.requeued();
    assertEquals(State.ESCALATED, play.state());
    assertTrue(
        play.now.incident().result().contains("nobody told me how to start it"),
        play.now.incident().result());
    assertTrue(play.now.incident().result().contains("2 jobs requeued"));
  }

  @Test
  void unitThatWasStoppedOnPurposeStaysStoppedAndNobodyIsCalled() {
    Play play = Play.open(Scene.lost(4711, Owner.SYSTEMD)).settle().requeued();
    play.done("restart_worker", Outcome.UNWANTED, "images.service was stopped", 0).settle();
    assertEquals(State.SELF_RECOVERED, play.state());
    assertEquals(
        "2 jobs requeued, not started again: images.service was stopped (after 0 ms)",
        play.now.incident().result());
    assertEquals(List.of(), play.now.restarts(), "nothing was started");
  }

  @Test
  void unitThatOnlyAPersonCanMendIsEscalatedAtOnce() {
    Play play = Play.open(Scene.lost(4711, Owner.SYSTEMD)).settle().requeued();
    play.done("restart_worker", Outcome.REFUSED, "images.service is masked", 0).settle();
    assertEquals(State.ESCALATED, play.state());
  }

  @Test
  void unitThatFailsAtEachStartIsEscalatedWithTheReason() {
    Play play = Play.open(Scene.lost(4711, Owner.SYSTEMD)).settle().requeued();
    for (int i = 0; i < 100 && play.state() != State.ESCALATED; i++) {
      if (play.acts().contains("restart_worker")) {
        play.done("restart_worker", Outcome.FAILED, "it failed at once (exit-code)", 0).settle();
      }
      play.tick(Duration.ofSeconds(5)).settle();
    }
    assertEquals(State.ESCALATED, play.state());
    String result = String.valueOf(play.now.incident().result());
    assertTrue(result.contains("the last one failed: it failed at once (exit-code)"), result);
  }

  @Test
  void frozenWorkerIsKilledAndSeenGoneBeforeItsJobsAreTouched() {
    Play play = Play.open(Scene.frozen(4711)).settle();
    assertEquals(List.of("stop_worker"), play.acts());
    EndProcess end = (EndProcess) play.act("stop_worker").question().query();
    assertEquals(Duration.ZERO, end.grace());
    assertEquals(Scene.process(4711), end.process());
    play.stopped(4711);
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
    StartInstance start = (StartInstance) play.act("restart_worker").question().query();
    assertEquals(Scene.process(4711), start.replaces());
    play.requeued().restarted(4712).verify(4712);
    assertEquals(State.CLOSED, play.state());
  }

  @Test
  void processThatCannotBeEndedKeepsItsJobs() {
    Play play = Play.open(Scene.frozen(4711)).settle();
    for (int attempt = 1; attempt <= 3; attempt++) {
      play.done("stop_worker", Outcome.FAILED, "still there", 0).settle();
      play.tick(Duration.ofSeconds(10)).settle();
      assertFalse(play.acts().contains("requeue_jobs"));
    }
    assertEquals(State.ESCALATED, play.state());
    assertTrue(play.now.incident().result().contains("still there"));
  }

  @Test
  void deathByOurOwnHandIsNoNewAttempt() {
    Play play = Play.open(Scene.frozen(4711)).settle();
    play.see(Scene.lost(4711)).settle().stopped(4711);
    play.see(Scene.lost(4711)).settle();
    assertEquals(3, play.now.incident().steps().size());
  }

  @Test
  void frozenWorkerThatDiesFirstNeedsNoStop() {
    Play play = Play.open(Scene.frozen(4711)).see(Scene.lost(4711)).settle();
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
  }

  @Test
  void frozenWorkerThatGoesOnFirstIsLeftAlone() {
    Play play = Play.open(Scene.frozen(4711)).see(Scene.recovered(4711)).settle();
    assertEquals(State.SELF_RECOVERED, play.state());
    assertEquals(List.of(), play.acts());
    assertTrue(play.told.contains("incident.closed"));
  }

  @Test
  void silentWorkerGetsItsGrace() {
    Play play = Play.open(Scene.silent(4711, Owner.SYSTEMD)).settle();
    EndProcess end = (EndProcess) play.act("stop_worker").question().query();
    assertEquals(Duration.ofSeconds(10), end.grace());
  }

  @Test
  void silentWorkerOfOthersIsNotEnded() {
    Play play = Play.open(Scene.silent(4711, Owner.OTHER)).settle();
    assertEquals(State.ESCALATED, play.state());
    assertEquals(List.of(), play.acts());
    assertTrue(play.now.incident().result().contains("nobody told me how to start it"));
  }

  @Test
  void newProcessThatDiesTooIsTheNextAttempt() {
    Play play = Play.open(Scene.lost(4711)).settle().requeued().restarted(4712);
    play.hands.turn(Duration.ofMillis(300));
    play.see(Scene.lost(4712)).settle();
    assertEquals(List.of("requeue_jobs"), play.acts(), "the second restart waits 1 s");
    play.requeued().tick(Duration.ofMillis(700)).settle();
    assertEquals(List.of("restart_worker"), play.acts());
    Act act = play.act("restart_worker");
    assertEquals(2, play.now.incident().steps().get(act.step()).attempt());
    play.restarted(4713).verify(4713);
    assertEquals(State.CLOSED, play.state());
  }

  @Test
  void crashLoopEndsWithAPerson() {
    Play play = Play.open(Scene.lost(1)).settle().requeued();
    int restarts = 0;
    for (long pid = 2; play.state() != State.ESCALATED; pid++) {
      play.tick(Duration.ofSeconds(60)).settle();
      play.restarted(pid).see(Scene.lost(pid)).settle();
      restarts++;
      if (play.acts().contains("requeue_jobs")) {
        play.requeued();
      }
    }
    assertEquals(5, restarts);
    assertTrue(
        play.now.incident().result().contains("the limit is 5"), play.now.incident().result());
  }

  @Test
  void pausedRemedyWaitsAndGoesOn() {
    Play play = Play.open(Scene.lost(4711));
    play.pause = new Switch(true, "maintenance", Scene.NOON, null);
    play.settle().tick(Duration.ofHours(2)).settle();
    assertEquals(List.of(), play.acts());
    assertTrue(
        play.now.incident().timeline().stream()
            .anyMatch(entry -> entry.text().contains("paused by maintenance")));
    play.pause = PauseSwitch.RUNNING;
    play.tick();
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
  }

  @Test
  void stuckJobsAreRequeuedAndSeenRequeued() {
    Play play = Play.open(Scene.stuck("1", "2")).settle();
    assertEquals(List.of("requeue_jobs"), play.acts());
    play.requeued().jobs(new Input.JobsSeen(Scene.swept(true, "7")));
    assertEquals(State.CLOSED, play.state(), "another job is another matter");
  }

  @Test
  void jobsThatStayStuckAreTriedAgainAndThenLeftToAPerson() {
    Play play = Play.open(Scene.stuck("1")).settle();
    for (int i = 0; i < 3; i++) {
      play.requeued().tick(Duration.ofSeconds(1));
      play.jobs(new Input.JobsSeen(Scene.swept(true, "1")));
    }
    assertEquals(State.VERIFYING, play.state());
    play.tick(Duration.ofSeconds(60)).settle();
    assertEquals(State.ESCALATED, play.state());
    assertTrue(play.now.incident().result().contains("1 job left to rescue"));
  }

  @Test
  void slotThatStaysEmptyIsFilledAgain() {
    Play play = Play.open(Scene.lost(4711)).settle().requeued().restarted(4712);
    play.workers(new Input.WorkersSeen(Scene.noWorkers())).tick(Duration.ofSeconds(61)).settle();
    assertEquals(List.of("restart_worker"), play.acts());
  }

  @Test
  void slotWithAFrozenNewProcessIsClearedFirst() {
    Play play = Play.open(Scene.lost(4711)).settle().requeued().restarted(4712);
    play.workers(new Input.WorkersSeen(Scene.workers(4712, Liveness.FROZEN)));
    play.tick(Duration.ofSeconds(61)).settle();
    assertEquals(List.of("stop_worker"), play.acts());
  }

  @Test
  void startThatFailsIsTriedAgainUnderTheLimit() {
    Play play = Play.open(Scene.lost(4711)).settle().requeued();
    for (int i = 0; i < 5; i++) {
      play.done("restart_worker", Outcome.FAILED, "no such file", 0).settle();
      play.tick(Duration.ofSeconds(60)).settle();
    }
    assertEquals(State.ESCALATED, play.state());
  }

  @Test
  void slotThatSomebodyElseFilledNeedsNothing() {
    Play play = Play.open(Scene.lost(4711)).settle();
    play.done("requeue_jobs", Outcome.ALREADY_DONE, "no job was left to requeue", 0).settle();
    play.done("restart_worker", Outcome.ALREADY_DONE, "pid 4712 fills the slot", 4712).settle();
    play.verify(4712);
    assertEquals(State.SELF_RECOVERED, play.state());
    String result = String.valueOf(play.now.incident().result());
    assertTrue(result.startsWith("Nothing was left to do: no job was left to requeue"), result);
    assertEquals(List.of(), play.now.restarts(), "it was no restart of ours");
  }

  @Test
  void whereNoSourceIsConfiguredNothingIsSaidOfJobs() {
    Play play = Play.open(Scene.lost(4711)).settle();
    Swept none = new Swept(false, 0, 0, 0, List.of(), 0, Map.of(), Map.of());
    Ending ending = RequeueJobs.judge(none, 0);
    play.done("requeue_jobs", ending.outcome(), ending.detail(), 0).restarted(4712);
    play.verify(4712, new Swept(true, 0, 0, 0, List.of(), 0, Map.of(), Map.of()));
    assertEquals(State.CLOSED, play.state());
    assertEquals("healed in 2.0 s: started as pid 4712", play.now.incident().result());
    assertTrue(
        play.now.incident().timeline().stream()
            .anyMatch(entry -> entry.text().equals("images.1 runs as pid 4712 for 2.0 s")),
        play.now.incident().timeline().toString());
  }

  @Test
  void intendedRestartIsDoneAgainAfterACrashAndCountedOnce() throws IOException {
    Play before = Play.open(Scene.lost(4711));
    Incident stored = before.take(Save.class).incident();
    Play play = Play.takeUp(stored, before);
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
    play.done("requeue_jobs", Outcome.ALREADY_DONE, "no job was left to requeue", 0).settle();
    play.done("restart_worker", Outcome.ALREADY_DONE, "pid 4712 fills the slot", 4712).settle();
    play.verify(4712);
    assertEquals(State.CLOSED, play.state());
    assertEquals(1, play.now.restarts().size());
    assertTrue(
        play.now.incident().timeline().stream()
            .anyMatch(entry -> entry.text().equals("Taken up again after a restart of the agent")));
  }

  @Test
  void worldIsLookedAtBeforeAnIntendedStopIsDoneAgain() throws IOException {
    Play before = Play.open(Scene.frozen(4711));
    Incident stored = before.take(Save.class).incident();
    Play well = Play.takeUp(stored, before).settle();
    assertEquals(List.of(), well.acts());
    well.workers(new Input.WorkersSeen(Scene.workers(4711, Liveness.RUNNING)));
    assertEquals(State.SELF_RECOVERED, well.state());

    Play unwell = Play.takeUp(stored, before).settle();
    unwell.workers(new Input.WorkersSeen(Scene.workers(4711, Liveness.FROZEN)));
    assertEquals(List.of("stop_worker"), unwell.acts());

    Play unseen = Play.takeUp(stored, before).settle();
    unseen.workers(new Input.WorkersUnseen("no scan yet")).tick(Duration.ofSeconds(1));
    assertTrue(unseen.wants(LookAtWorkers.class));
  }

  @Test
  void timelineIsBounded() {
    Play play = Play.open(Scene.lost(4711)).settle();
    for (int i = 0; i < 1000; i++) {
      play.see(Scene.lost(4711)).settle();
    }
    assertEquals(200, play.now.incident().timeline().size());
    assertEquals("seen", play.now.incident().timeline().getFirst().kind());
  }
}
