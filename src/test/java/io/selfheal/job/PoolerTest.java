package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.store.PgBouncer;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A PgBouncer that pools transactions stands between the agent and the jobs. */
class PoolerTest {
  private static final int JOBS = 300;

  @Test
  void sweepsRescuesAndCountsWorkThroughIt() throws Exception {
    PostgresUrl direct = TestPostgres.freshDatabase();
    try (PgBouncer pooler = PgBouncer.before(direct);
        Rig rig = new Rig(pooler.through(direct))) {
      rig.table().running(JOBS, "now()", "here:1").running(5, "now()", "here:100");
      rig.deploy("batch: 20").tick();
      assertNull(rig.source().problem());
      rig.count();
      assertEquals(Map.of("running", JOBS + 5L), rig.source().counts());
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(JOBS, swept.rescued());
      assertEquals(Integer.toString(JOBS), rig.value(ready()));
      assertEquals(0, rig.sweep().rescued());
    }
  }

  /** Many transactions at once take each other's sessions; what one sets must stay in it. */
  @Test
  void threeSweepersAndListersAtOnceAreExactAndLeaveNothingInTheSessions() throws Exception {
    PostgresUrl direct = TestPostgres.freshDatabase();
    try (PgBouncer pooler = PgBouncer.before(direct);
        Rig one = new Rig(pooler.through(direct));
        Rig two = new Rig(pooler.through(direct));
        Rig three = new Rig(pooler.through(direct))) {
      List<Rig> rigs = List.of(one, two, three);
      one.table().running(10 * JOBS, "now()", "here:1");
      rigs.forEach(rig -> rig.deploy("batch: 50"));
      List<Future<Swept>> sweeps = rigs.stream().map(PoolerTest::sweep).toList();
      List<Future<JobRequests.Stuck>> lists =
          IntStream.range(0, 30).mapToObj(i -> stuck(rigs.get(i % 3))).toList();
      long rescued = sweeps.stream().mapToLong(sweep -> Rig.await(sweep).rescued()).sum();
      lists.forEach(list -> assertTrue(Rig.await(list).problems().isEmpty()));
      rescued += Rig.await(sweep(one)).rescued();
      assertEquals(10 * JOBS, rescued);
      assertEquals("" + 10 * JOBS, one.value(ready()));
      for (int i = 0; i < 12; i++) {
        assertEquals("0", one.value(changed()));
      }
    }
  }

  private static String ready() {
    return "SELECT count(*) FROM jobs WHERE state = 'ready'";
  }

  private static String changed() {
    return "SELECT count(*) FROM pg_settings WHERE setting <> reset_val AND name IN"
        + " ('synchronous_commit', 'lock_timeout', 'statement_timeout', 'transaction_read_only',"
        + " 'gin_pending_list_limit')";
  }

  private static Future<Swept> sweep(Rig rig) {
    return rig.bus.ask(
        JobRequests.SWEEP, new Sweep(null, null, false, null), Duration.ofSeconds(60));
  }

  private static Future<JobRequests.Stuck> stuck(Rig rig) {
    return rig.bus.ask(
        JobRequests.STUCK, new JobRequests.ListStuck(null, 100), Duration.ofSeconds(60));
  }
}
