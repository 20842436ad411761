package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.library.DbSchedulerWorker;
import io.selfheal.library.Outcomes;
import io.selfheal.library.WorkPlace;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The preset of db-scheduler beside the library itself, which works in processes of its own. */
class DbSchedulerLibraryTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(10);

  /** So often it gives a heartbeat, in milliseconds. */
  private static final String BEAT = "250";

  @TempDir private Path directory;
  private Path log = Path.of("worker.log");

  @BeforeEach
  void logOfItsOwn() {
    log = directory.resolve("worker.log");
  }

  /** Something that a condition can be. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  /** One execution is left to the library's own revival, the other is rescued. */
  @Test
  void aRescueIsARevivalAndTheLibraryFinishesBoth() throws IOException, InterruptedException {
    try (Rig rig = rig(DbSchedulerLibraryTest::ofProcess)) {
      rig.deployWith(DbSchedulerTest.PRESET, DbSchedulerTest.HOLDER, "skip_tasks: [twin]");
      Process first = DbSchedulerWorker.start(rig.url, log, "hold", "100", BEAT, "ours", "twin");
      try {
        await(first, () -> count(rig, "begun") == 2);
        assertEquals(0, rig.sweep().rescued());
      } finally {
        first.destroyForcibly().waitFor();
      }
      assertEquals(1, rig.sweep().rescued());
      Process second = DbSchedulerWorker.start(rig.url, log, "work", "3600000", BEAT, "twin");
      try {
        await(second, () -> count(rig, "scheduled_tasks WHERE NOT picked") == 2);
      } finally {
        second.destroyForcibly().waitFor();
      }
      assertEquals(
          rig.value(Outcomes.ofDbScheduler("twin")), rig.value(Outcomes.ofDbScheduler("ours")));
      Process third = DbSchedulerWorker.start(rig.url, log, "work", "100", BEAT, "ours", "twin");
      try {
        await(third, () -> count(rig, "scheduled_tasks") == 0);
      } finally {
        third.destroyForcibly().waitFor();
      }
      assertEquals(List.of("ours 1", "twin 1"), ended(rig));
    }
  }

  @Test
  void oneThatWasBelievedDeadCannotCompleteWhatWasRescued()
      throws IOException, InterruptedException {
    try (Rig rig = rig(pid -> Verdict.of(Ruling.DEAD, "wrongly believed"))) {
      rig.deployWith(DbSchedulerTest.PRESET, DbSchedulerTest.HOLDER);
      Process worker = DbSchedulerWorker.start(rig.url, log, "hold", "3600000", BEAT, "late");
      try {
        // Picked is not yet begun: the library reads the row once more between the two.
        await(worker, () -> count(rig, "begun") == 1);
        // Its heartbeat may come between look and rescue, which then rightly leaves the job.
        await(worker, () -> rig.sweep().rescued() == 1);
        String rescued = rig.value(Outcomes.ofDbScheduler("late"));
        rig.sql("INSERT INTO go VALUES ('late')");
        await(worker, () -> Files.readString(log).contains("Failed while completing execution"));
        assertEquals(List.of("late 0"), ended(rig));
        assertEquals(rescued, rig.value(Outcomes.ofDbScheduler("late")));
      } finally {
        worker.destroyForcibly().waitFor();
      }
    }
  }

  private static Rig rig(Function<Long, Verdict> judge) {
    Rig rig = DbSchedulerTest.rig().sql(WorkPlace.TABLES);
    rig.judge =
        question ->
            Future.succeededFuture(
                new Verdicts(
                    question.holders().stream()
                        .map(holder -> judge.apply(holder.pid().orElse(0)))
                        .toList()));
    return rig;
  }

  private static Verdict ofProcess(long pid) {
    return ProcessHandle.of(pid).isPresent()
        ? Verdict.of(Ruling.ALIVE, "process " + pid + " runs")
        : Verdict.of(Ruling.DEAD, "no process " + pid);
  }

  private static List<String> ended(Rig rig) {
    return rig.column("SELECT name || ' ' || attempt FROM ended ORDER BY 1");
  }

  private static int count(Rig rig, String from) {
    return Integer.parseInt(rig.value("SELECT count(*) FROM " + from));
  }

  private void await(Process worker, Condition condition) throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end || !worker.isAlive()) {
        throw new AssertionError("it does not come\n" + Files.readString(log));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
