package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.JobRunrWorker;
import io.selfheal.library.JvmWorker;
import io.selfheal.library.WorkPlace;
import io.selfheal.message.Event;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Severity;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside the real JobRunr, in processes of its own. */
class JobRunrLibraryTest {
  @TempDir private Path directory;

  @Test
  void whatAKilledServerLeftIsExplainedAndTheLibraryRecoversIt()
      throws IOException, InterruptedException {
    Path log = directory.resolve("worker.log");
    try (Rig rig = new Rig().sql(WorkPlace.TABLES)) {
      Process first = JvmWorker.start(JobRunrWorker.class, rig.url, log, "first");
      try {
        Workers.await(first, log, () -> Workers.count(rig, "begun") == 1);
        rig.deployWith("preset: jobrunr");
        Workers.judge(rig, first);
        assertEquals(List.of(), rig.stuck(10).jobs());
        assertEquals(1, rig.sweep().looked());
        assertEquals(WorkPlace.name(first.pid()), holders(rig));
      } finally {
        first.destroyForcibly().waitFor();
      }
      List<String> before = Workers.fingerprints(rig, "jobrunr%");
      dead(rig.tick().stuck(10).jobs());
      Event left = rig.events(JobEvent.Left.class).getFirst();
      assertEquals(Severity.WARNING, left.severity());
      assertEquals(0, rig.sweep().rescued());
      assertEquals(List.of(), rig.events(JobEvent.Stuck.class));
      assertEquals(before, Workers.fingerprints(rig, "jobrunr%"));
      recovers(rig, log);
    }
  }

  /** The name that the text of the job has, as it was asked about. */
  private static String holders(Rig rig) {
    return rig.questions.stream()
        .flatMap(question -> question.holders().stream())
        .map(holder -> holder.host() + ":" + holder.pid().orElse(0))
        .distinct()
        .findFirst()
        .orElse("none");
  }

  private static void nothingKnown(Rig rig) {
    rig.judge =
        question ->
            Future.succeededFuture(
                new Verdicts(
                    question.holders().stream()
                        .map(holder -> Verdict.of(Ruling.UNKNOWN, "elsewhere"))
                        .toList()));
  }

  private static void dead(List<StuckJob> jobs) {
    assertEquals(1, jobs.size());
    StuckJob job = jobs.getFirst();
    assertEquals(Effect.LEAVE, job.effect());
    assertEquals(Ruling.DEAD, job.verdict().ruling());
    assertTrue(job.reason().startsWith("its holder is gone; not touched, because"), job.reason());
    assertTrue(job.reason().contains("what a person can do: wait, if a server"), job.reason());
    assertTrue(job.age() != null && job.silence() != null, job.toString());
  }

  private static void orphaned(List<StuckJob> jobs) {
    StuckJob job = jobs.getFirst();
    assertEquals(Effect.LEAVE, job.effect());
    assertEquals(Ruling.UNKNOWN, job.verdict().ruling());
    assertTrue(job.reason().startsWith("the library counts it as orphaned; not"), job.reason());
    String evidence = job.verdict().evidence().getLast();
    assertTrue(
        evidence.startsWith("JobRunr counts a job as orphaned after 20 s without a heartbeat;"),
        evidence);
    assertTrue(evidence.endsWith("of other servers, 1 give heartbeats"), evidence);
  }

  private static void recovers(Rig rig, Path log) throws IOException, InterruptedException {
    rig.sql("INSERT INTO go VALUES ('all')");
    Process second = JvmWorker.start(JobRunrWorker.class, rig.url, log, "work");
    nothingKnown(rig);
    try {
      // The library lets the new server act only when it has waited as long itself.
      List<StuckJob> seen = new ArrayList<>();
      Workers.await(second, log, () -> seen.addAll(rig.stuck(10).jobs()));
      orphaned(seen);
      Workers.await(
          second, log, () -> Workers.count(rig, "jobrunr_jobs WHERE state = 'SUCCEEDED'") == 1);
      assertEquals(1, Workers.count(rig, "ended"));
      assertEquals(
          "1",
          rig.value("SELECT count(*) FROM jobrunr_jobs WHERE jobasjson LIKE '%Orphaned job%'"));
      assertEquals(List.of(), rig.stuck(10).jobs());
      rig.count();
      assertEquals("{succeeded=1}", String.valueOf(rig.source().counts()));
      assertEquals("0 since ever", rig.ready());
    } finally {
      second.destroyForcibly().waitFor();
    }
  }
}
