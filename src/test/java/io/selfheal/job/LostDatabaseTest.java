package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.SweepEvent;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sweep's session ends, between two batches or at any statement within one. */
class LostDatabaseTest {
  private static final int JOBS = 12;
  private static final String ENDS =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          + " WHERE application_name = 'selfheal' AND datname = current_database()";

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  /** Between the look of a batch and its rescue: in the judge. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aSessionThatEndsBetweenLookAndRescueCostsNothing(int batch) {
    rig.table().running(JOBS, "now()", "here:1").deploy("batch: 3");
    AtomicInteger asked = new AtomicInteger();
    rig.judge =
        question ->
            asked.incrementAndGet() == batch
                ? rig.vertx.executeBlocking(() -> rig.sql(ENDS)).map(done -> verdicts(question))
                : Future.succeededFuture(verdicts(question));
    Swept swept = rig.sweep();
    holds(swept);
    goesOn(swept);
  }

  /** Within a batch: the fourth row that is written ends the session that writes it. */
  @ParameterizedTest
  @ValueSource(strings = {"BEFORE UPDATE", "AFTER UPDATE"})
  void aSessionThatEndsWithinABatchLeavesTheBatchAsItWas(String when) {
    rig.table().running(JOBS, "now()", "here:1");
    rig.sql(
            "CREATE FUNCTION fall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$")
        .sql(
            "CREATE TRIGGER fall "
                + when
                + " ON jobs FOR EACH ROW WHEN (NEW.id = 5) EXECUTE FUNCTION fall()");
    rig.deploy("batch: 3");
    Swept swept = rig.sweep();
    // The batch after it was begun before it ended.
    assertEquals(6, swept.rescued());
    assertFalse(swept.problems().isEmpty());
    holds(swept);
    assertNotNull(rig.source().problem());
    rig.sql("DROP TRIGGER fall ON jobs");
    goesOn(swept);
  }

  /** At the commit: what a deferred trigger ends has not happened. */
  @Test
  void aSessionThatEndsInTheCommitLeavesTheBatchAsItWas() {
    rig.table().running(JOBS, "now()", "here:1");
    rig.sql(
            "CREATE FUNCTION fall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$")
        .sql(
            "CREATE CONSTRAINT TRIGGER fall AFTER UPDATE ON jobs DEFERRABLE INITIALLY DEFERRED"
                + " FOR EACH ROW WHEN (NEW.id = 8) EXECUTE FUNCTION fall()");
    rig.deploy("batch: 3");
    Swept swept = rig.sweep();
    // The batch after it was begun before it ended.
    assertEquals(9, swept.rescued());
    holds(swept);
    rig.sql("DROP TRIGGER fall ON jobs");
    goesOn(swept);
  }

  /** Every row is as before or wholly rescued, and as many are rescued as were counted. */
  private void holds(Swept swept) {
    assertEquals("" + swept.rescued(), rig.value("SELECT count(*) FROM jobs WHERE state='ready'"));
    assertEquals(
        "" + JOBS,
        rig.value(
            """
            SELECT count(*) FROM jobs
            WHERE (state = 'ready' AND holder IS NULL AND started IS NULL)
               OR (state = 'running' AND holder = 'here:1' AND started IS NOT NULL)"""));
    long told =
        rig.events(SweepEvent.Finished.class).stream()
            .mapToLong(SweepEvent.Finished::rescued)
            .sum();
    assertEquals(swept.rescued(), told);
  }

  private void goesOn(Swept before) {
    rig.tick();
    assertEquals(JOBS, rig.sweep().rescued() + before.rescued(), "the next sweep goes on");
    assertEquals("" + JOBS, rig.value("SELECT count(*) FROM jobs WHERE state = 'ready'"));
    assertEquals(JOBS, rig.source().rescued());
    rig.tick();
    assertNull(rig.source().problem());
  }

  private static Verdicts verdicts(JudgeHolders question) {
    return new Verdicts(question.holders().stream().map(Rig::verdict).toList());
  }
}
