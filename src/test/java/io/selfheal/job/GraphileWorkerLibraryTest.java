package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.NodeLibrary;
import io.selfheal.library.Outcomes;
import io.selfheal.library.WorkPlace;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The preset of graphile-worker beside the library itself, which works in Node processes. */
class GraphileWorkerLibraryTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String JOBS = "graphile_worker._private_jobs";

  @TempDir private Path directory;
  private Path log = Path.of("worker.log");
  private static NodeLibrary library;

  @BeforeAll
  static void install() {
    library = NodeLibrary.install("graphile-worker", "worker.js");
  }

  @BeforeEach
  void logOfItsOwn() {
    log = directory.resolve("worker.log");
  }

  private Rig rig(String... more) throws IOException, InterruptedException {
    Rig rig = new Rig().sql(WorkPlace.TABLES);
    Process migration = start(rig, "migrate");
    assertEquals(0, migration.waitFor(), () -> read(log));
    rig.judge =
        question ->
            Future.succeededFuture(
                new Verdicts(
                    question.holders().stream()
                        .map(holder -> Verdict.of(Ruling.DEAD, "seen to end"))
                        .toList()));
    return rig.deployWith(
        "preset: graphile-worker", "holder: {format: \"{instance}\"}", String.join("\n", more));
  }

  private Process start(Rig rig, String mode) throws IOException {
    return library.start(log, "worker.js", rig.url.reveal(), "graphile_worker", mode);
  }

  private static void add(Rig rig, String name) {
    rig.sql(
        "SELECT graphile_worker.add_job('task', json_build_object('name', '%1$s'), 'queue-%1$s')"
            .formatted(name));
  }

  /** One job is unlocked by the library's own function, the other is rescued; both are finished. */
  @Test
  void aRescueIsAnUnlockingAndTheLibraryFinishesBoth() throws IOException, InterruptedException {
    try (Rig rig = rig()) {
      add(rig, "ours");
      add(rig, "twin");
      Process first = start(rig, "hold");
      Process another = start(rig, "hold");
      try {
        await(first, () -> rig.column("SELECT name FROM begun").size() == 2);
      } finally {
        first.destroyForcibly().waitFor();
        another.destroyForcibly().waitFor();
      }
      rig.sql(
          """
          SELECT graphile_worker.force_unlock_workers(array_agg(locked_by))
          FROM graphile_worker._private_jobs WHERE payload ->> 'name' = 'twin'""");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      assertEquals(
          rig.value(Outcomes.ofGraphileWorker("graphile_worker", "twin")),
          rig.value(Outcomes.ofGraphileWorker("graphile_worker", "ours")));
      Process second = start(rig, "work");
      try {
        await(second, () -> rig.column("SELECT id FROM " + JOBS).isEmpty());
      } finally {
        second.destroyForcibly().waitFor();
      }
      assertEquals(
          List.of("ours 2", "twin 2"),
          rig.column("SELECT name || ' ' || attempt FROM ended ORDER BY 1"));
      assertEquals(0, rig.sweep().rescued());
    }
  }

  @Test
  void aJobWithoutAttemptsLeftHasFailedForGood() throws IOException, InterruptedException {
    try (Rig rig = rig()) {
      add(rig, "last");
      lock(rig, "last", "max_attempts = 1, last_error = 'the card was declined'");
      assertEquals(1, rig.sweep().rescued());
      assertEquals(
          "t t f the card was declined",
          rig.value(
              "SELECT concat_ws(' ', locked_at IS NULL, attempts = max_attempts, is_available,"
                  + " last_error) FROM "
                  + JOBS));
      assertEquals(0, rig.sweep().rescued());
    }
  }

  /** The library's own reset is the measure: of another job in the same state. */
  @Test
  void withoutAttemptsLeftItIsAsTheLibraryUnlocksIt() throws IOException, InterruptedException {
    try (Rig rig = rig()) {
      add(rig, "ours");
      add(rig, "twin");
      lock(rig, "ours", "max_attempts = 1, last_error = 'the card was declined'");
      lock(rig, "twin", "max_attempts = 1, last_error = 'the card was declined'");
      rig.sql("UPDATE " + JOBS + " SET locked_by = 'other' WHERE payload ->> 'name' = 'twin'");
      rig.sql("SELECT graphile_worker.force_unlock_workers(ARRAY['other'])");
      assertEquals(1, rig.sweep().rescued());
      assertEquals(
          rig.value(Outcomes.ofGraphileWorker("graphile_worker", "twin")),
          rig.value(Outcomes.ofGraphileWorker("graphile_worker", "ours")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM " + JOBS,
        "UPDATE " + JOBS + " SET locked_at = NULL, locked_by = NULL",
        "UPDATE " + JOBS + " SET locked_by = 'another'",
        "UPDATE " + JOBS + " SET locked_at = clock_timestamp() + interval '1 ms', attempts = 2"
      })
  void whatChangedSinceTheLookIsLeft(String change) throws IOException, InterruptedException {
    try (Rig rig = rig()) {
      add(rig, "one");
      lock(rig, "one", "priority = 0");
      var judge = rig.judge;
      rig.judge =
          question -> {
            rig.sql(change);
            return judge.apply(question);
          };
      assertEquals(0, rig.sweep().rescued());
    }
  }

  @Test
  void countsAndAdvisesAndSaysWhatDiffers() throws IOException, InterruptedException {
    try (Rig rig = rig()) {
      add(rig, "one");
      rig.count();
      assertEquals(1, rig.source().counts().get("ready"));
      assertEquals("1 since a time", rig.ready());
      rig.sql(Objects.requireNonNull(rig.source().advice())).count();
      assertNull(rig.source().advice());
      rig.sql("ALTER TABLE " + JOBS + " RENAME locked_by TO owner");
      String problem = String.valueOf(rig.tick().tick().source().problem());
      assertTrue(problem.contains("_private_jobs has no column locked_by"), problem);
    }
  }

  private static void lock(Rig rig, String name, String more) {
    rig.sql(
        "UPDATE %s SET locked_at = now(), locked_by = 'gone', attempts = 1, %s WHERE payload ->> 'name' = '%s'"
            .formatted(JOBS, more, name));
  }

  private void await(Process worker, BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || !worker.isAlive()) {
        throw new AssertionError("it does not come\n" + read(log));
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException missing) {
      return missing.toString();
    }
  }
}
