package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.StuckJob;
import io.selfheal.message.TraceRequests;
import io.selfheal.message.TraceRequests.Client;
import io.selfheal.message.TraceRequests.Clients;
import io.selfheal.message.TraceRequests.HolderProcess;
import io.selfheal.message.TraceRequests.Holders;
import io.selfheal.message.TraceRequests.TraceClients;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.store.PostgresUrl;
import io.vertx.core.Future;
import java.sql.Connection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looks and sweeps while real sessions wait for each other's locks. */
@Timeout(120)
class LockLookTest {
  private static final ProcessIdentity PROCESS = new ProcessIdentity("boot", 150, 1);

  private final Rig rig = new Rig();
  private final Queue<TraceClients> traces = new ConcurrentLinkedQueue<>();
  private final Sessions sessions = new Sessions(rig.url);

  @AfterEach
  void close() throws Exception {
    sessions.close();
    rig.close();
  }

  /** Old jobs of three holders: dead, alive and unknown; and another table, in which one waits. */
  private Connection blocked() throws Exception {
    rig.table()
        .running(1, "now() - interval '2 hours'", "here:1")
        .running(1, "now() - interval '2 hours'", "here:150")
        .running(1, "now() - interval '2 hours'", "here:999")
        .sql("CREATE TABLE t AS SELECT 1 AS id");
    Connection holder = sessions.idle("psql", "UPDATE t SET id = 2");
    sessions.waits("worker", "UPDATE t SET id = 3").untilLong("worker");
    return holder;
  }

  private static List<Effect> effects(List<StuckJob> jobs) {
    return jobs.stream().map(StuckJob::effect).toList();
  }

  @Test
  void anUnknownHoldersJobIsLeftWhileOneWaitsThatMayBeItsWorkers() throws Exception {
    Connection holder = blocked();
    rig.deploy("stuck_after: 1h");
    List<StuckJob> stuck = rig.stuck(10).jobs();
    assertEquals(List.of(Effect.REQUEUE, Effect.LEAVE, Effect.LEAVE), effects(stuck));
    StuckJob unknown = stuck.getLast();
    assertTrue(
        unknown.reason().startsWith("may be blocked: a connection that may be its worker's"),
        unknown.reason());
    assertTrue(unknown.reason().contains("blocked by pid "), unknown.reason());
    assertTrue(unknown.reason().contains("(psql, "), unknown.reason());
    assertTrue(unknown.reason().endsWith(": UPDATE t SET id = 2"), unknown.reason());
    assertEquals(Ruling.UNKNOWN, unknown.verdict().ruling());
    assertTrue(stuck.get(1).reason().startsWith("slow but alive"), stuck.get(1).reason());

    assertEquals(List.of("1"), rescued());
    sessions.release(holder);
    assertEquals(List.of("3"), rescued());
    assertEquals("running", rig.value("SELECT state FROM jobs WHERE id = 2"));
  }

  private List<String> rescued() {
    return rig.sweep().jobs().stream()
        .filter(job -> job.effect() != Effect.LEAVE)
        .map(StuckJob::jobId)
        .toList();
  }

  @Test
  void itIsSaidOnceWithTheBlocker() throws Exception {
    blocked();
    rig.sql("DELETE FROM jobs WHERE id = 1").deploy("stuck_after: 1h");
    rig.tick().tick();
    List<JobEvent.Left> left = rig.events(JobEvent.Left.class);
    assertEquals(List.of("2", "3"), left.stream().map(JobEvent.Left::jobId).toList());
    assertTrue(left.getLast().reason().contains("(psql, "), left.getLast().reason());
  }

  private void traced(Client client) {
    rig.bus.answer(
        TraceRequests.CLIENTS,
        question -> {
          traces.add(question);
          return Future.succeededFuture(
              new Clients(question.ends().stream().map(end -> client).toList()));
        });
  }

  @Test
  void aStrangersWaitIsNotTheWorkers() throws Exception {
    blocked();
    traced(new Client.Local("psql", Set.of(), Set.of(new ProcessIdentity("boot", 7, 1)), false));
    rig.deploy("stuck_after: 1h", "holder: {worker: images}");
    assertEquals(List.of("1", "3"), rescued());
    assertTrue(traces.remove().all());
  }

  /** A batch holds one job, so that each is a page of its own. */
  @Test
  void connectionsAreTracedOnceAPass() throws Exception {
    blocked();
    traced(new Client.Unknown());
    rig.deploy("stuck_after: 1h", "batch: 1");
    assertEquals(List.of("1"), rescued());
    assertEquals(1, traces.size());
    assertEquals(false, traces.remove().all());
  }

  @Test
  void theWaitOfTheHoldersOwnProcessIsToldAndSoIsItsMovement() throws Exception {
    blocked();
    traced(new Client.Local("java", Set.of("images"), Set.of(PROCESS), false));
    rig.bus.answer(
        TraceRequests.HOLDERS,
        question ->
            Future.succeededFuture(
                new Holders(
                    question.holders().stream()
                        .map(
                            holder ->
                                holder.pid().orElse(0) == PROCESS.pid()
                                    ? new HolderProcess(PROCESS, "pid 150 used no CPU for 9 s")
                                    : new HolderProcess(null, null))
                        .toList())));
    rig.deploy("stuck_after: 1h", "holder: {worker: images}");
    List<StuckJob> stuck = rig.stuck(10).jobs();
    assertEquals(List.of(Effect.REQUEUE, Effect.LEAVE, Effect.LEAVE), effects(stuck));
    StuckJob alive = stuck.get(1);
    assertEquals(Ruling.ALIVE, alive.verdict().ruling());
    assertTrue(
        alive.reason().startsWith("blocked, not stuck: its holder waits for a lock, blocked by"),
        alive.reason());
    assertEquals("pid 150 used no CPU for 9 s", alive.verdict().evidence().get(1));
    assertTrue(
        stuck.getLast().reason().startsWith("may be blocked: a process of images waits"),
        stuck.getLast().reason());
  }

  @Test
  void whileWaitsCannotBeReadOnlyTheDeadLoseTheirJobs() throws Exception {
    blocked();
    sessions.close();
    rig.sql("REVOKE SELECT ON pg_catalog.pg_locks FROM PUBLIC")
        .sql("CREATE ROLE lockless LOGIN PASSWORD 'x'")
        .sql("GRANT ALL ON jobs TO lockless");
    try (Rig other =
        new Rig(
            PostgresUrl.parse(
                "postgresql://lockless:x@%s:%d/%s"
                    .formatted(rig.url.host(), rig.url.port(), rig.url.database())))) {
      other.deploy("stuck_after: 1h");
      List<StuckJob> swept = other.sweep().jobs();
      assertEquals(List.of(Effect.REQUEUE, Effect.LEAVE, Effect.LEAVE), effects(swept));
      assertTrue(
          swept.getLast().reason().endsWith("whether its worker waits for a lock is not known"),
          swept.getLast().reason());
      assertTrue(
          swept.getLast().verdict().evidence().getLast().contains("permission denied"),
          swept.getLast().verdict().toString());
      rig.sql("GRANT SELECT ON pg_catalog.pg_locks TO PUBLIC");
      assertEquals(Effect.REQUEUE, other.sweep().jobs().getLast().effect());
    }
    rig.sql("DROP OWNED BY lockless").sql("DROP ROLE lockless");
  }
}
