package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.PRESENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.DeadLetter;
import io.selfheal.message.DeadLetterEvent;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerEvent.Unwell;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The symptoms that are read from facts alone. */
class FactSymptomsTest {
  private static final String ONE = "worker/images.1";
  private static final HostEvent.Sampled SECOND =
      new HostEvent.Sampled(
          new HostSample("here", null, null, null, null, null, null, null, null, Map.of()));

  private static ProcessIdentity process(long pid) {
    return new ProcessIdentity("boot", pid, pid);
  }

  private static WorkerEvent.Lost lost(String instance, long pid) {
    return new WorkerEvent.Lost(
        "images",
        instance,
        process(pid),
        Owner.AGENT,
        "ended by signal 9 (KILL)",
        Instant.EPOCH,
        Duration.ofHours(2));
  }

  private static WorkerEvent.Unresponsive unwell(Unwell reason) {
    return new WorkerEvent.Unresponsive(
        "images", "images.1", process(1), Owner.AGENT, reason, "state T", Duration.ofSeconds(3));
  }

  private static void seconds(RuleRun run, int count) {
    for (int i = 0; i < count; i++) {
      run.pass(Duration.ofSeconds(1)).take(SECOND);
    }
  }

  @Test
  void aLostWorkerThatDoesNotComeBack() {
    try (RuleRun run = new RuleRun(new WorkerLost(), "for: 30s")) {
      run.take(lost("images.1", 1));
      seconds(run, 29);
      assertFalse(run.seen(ONE));
      seconds(run, 1);
      assertTrue(run.seen(ONE));
      assertEquals(
          "pid 1 (start 1) ended by signal 9 (KILL), after 120 min", run.standing(ONE).evidence());
      run.take(new WorkerEvent.Started("images", "images.1", process(2)));
      assertFalse(run.seen(ONE));
    }
  }

  @Test
  void oneThatIsStartedAgainAtOnceOrStoppedOnPurposeIsNone() {
    try (RuleRun run = new RuleRun(new WorkerLost(), "for: 30s")) {
      for (int pid = 1; pid < 10; pid++) {
        run.take(lost("images.1", pid));
        seconds(run, 5);
        run.take(new WorkerEvent.Started("images", "images.1", process(pid + 1)));
        seconds(run, 60);
      }
      run.take(new WorkerEvent.Stopped("images", "images.1", process(10), "a deploy"));
      seconds(run, 600);
      assertEquals(List.of(), run.news);
    }
  }

  @Test
  void aFoundWorkerComesBackInAnotherProcess() {
    try (RuleRun run = new RuleRun(new WorkerLost())) {
      run.take(lost("images@4711", 4711));
      assertTrue(run.seen("worker/images@4711"));
      run.take(new WorkerEvent.Found("mails", "mails@9", process(9), Owner.OTHER, "mailer"));
      assertTrue(run.seen("worker/images@4711"));
      run.take(
          new WorkerEvent.Found("images", "images@4800", process(4800), Owner.OTHER, "resize"));
      assertEquals(ABSENT, run.presence("worker/images@4711"));
      assertEquals(ABSENT, run.presence("worker/images@4800"));
    }
  }

  @Test
  void onlyTheWantedWorkersAreWatched() {
    try (RuleRun run = new RuleRun(new WorkerLost(), "where: {worker: mails}")) {
      run.take(lost("images.1", 1));
      assertEquals("nothing was read yet", run.standing(ONE).evidence());
    }
  }

  @Test
  void manyFoundProcessesAreForgottenInTime() {
    try (RuleRun run = new RuleRun(new WorkerLost())) {
      for (int pid = 1; pid <= 500; pid++) {
        run.take(lost("images@" + pid, pid));
        run.take(
            new WorkerEvent.Found(
                "images", "images@" + (pid + 1), process(pid + 1), Owner.OTHER, "resize"));
      }
      run.take(lost("images@501", 501));
      assertTrue(run.seen("worker/images@501"));
      assertEquals("there are newer ones", run.standing("worker/images@1").evidence());
      assertEquals(ABSENT, run.presence("worker/images@500"));
    }
  }

  @Test
  void aFrozenWorkerUntilItRunsAgain() {
    try (RuleRun run = new RuleRun(new WorkerFrozen())) {
      run.take(unwell(Unwell.FROZEN));
      assertEquals(PRESENT, run.presence(ONE));
      run.take(new WorkerEvent.Recovered("images", "images.1", process(1)));
      assertEquals(ABSENT, run.presence(ONE));
      run.take(unwell(Unwell.FROZEN));
      run.take(lost("images.1", 1));
      assertEquals(ABSENT, run.presence(ONE));
    }
  }

  @Test
  void oneThatIsOnlySilentOrStoppedForAMomentIsNotFrozen() {
    try (RuleRun run = new RuleRun(new WorkerFrozen(), "for: 10s")) {
      run.take(unwell(Unwell.SILENT));
      assertEquals("nothing was read yet", run.standing(ONE).evidence());
      run.take(unwell(Unwell.FROZEN));
      seconds(run, 9);
      run.take(new WorkerEvent.Recovered("images", "images.1", process(1)));
      seconds(run, 60);
      assertEquals(List.of(), run.news);
    }
  }

  @Test
  void aJobThatIsPutAside() {
    DeadLetter letter =
        new DeadLetter(
            "1",
            "images",
            "a/7",
            Effect.FAIL,
            "workers died on it 3 times",
            List.of(),
            DeadLetter.State.ADDED,
            Instant.EPOCH);
    try (RuleRun run = new RuleRun(new PoisonJob())) {
      run.take(new DeadLetterEvent.Added(letter));
      assertTrue(run.seen("job/images/a/7"));
      assertEquals(
          "workers died on it 3 times; a person decides what becomes of it",
          run.standing("job/images/a/7").evidence());
      run.take(new DeadLetterEvent.Added(letter));
      assertEquals(
          List.of("symptom.seen", "symptom.cleared", "symptom.seen"),
          run.news.stream().map(Event::type).toList());
    }
    try (RuleRun run = new RuleRun(new PoisonJob(), "where: {source: mails}")) {
      run.take(new DeadLetterEvent.Added(letter));
      assertEquals(List.of(), run.news);
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThrows(
        IllegalArgumentException.class,
        () -> RuleRun.rule(new WorkerLost(), "where: {instance: x}"));
    assertThrows(
        IllegalArgumentException.class, () -> RuleRun.rule(new WorkerFrozen(), "enter: {for: 3s}"));
    assertThrows(
        IllegalArgumentException.class, () -> RuleRun.rule(new PoisonJob(), "where: {job: 7}"));
    assertThrows(
        IllegalArgumentException.class, () -> RuleRun.rule(new JobStuck(), "where: {kind: some}"));
    assertThrows(
        IllegalArgumentException.class, () -> RuleRun.rule(new JobStuck(), "enter: {jobs: 0}"));
  }
}
