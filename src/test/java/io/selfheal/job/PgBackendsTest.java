package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.job.PgBackends.Waits;
import io.selfheal.store.Databases;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.StoreConfig;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sessions that wait for each other's locks. */
@Timeout(120)
class PgBackendsTest {
  private final PostgresUrl url = TestPostgres.freshDatabase();
  private final Vertx vertx = Vertx.vertx();
  private final Sessions sessions = new Sessions(url);

  @BeforeEach
  void table() {
    TestPostgres.execute(
        url, "CREATE TABLE t AS SELECT n AS id, 0 AS a FROM generate_series(1, 3) n");
  }

  @AfterEach
  void close() throws Exception {
    sessions.close();
    Rig.await(vertx.close());
  }

  private PgBackends as(PostgresUrl role) {
    Time time = new Time(InstantSource.system(), System::nanoTime);
    return new PgBackends(
        new Databases(vertx, StoreConfig.with(role), new Bus(vertx), time).open("t", role));
  }

  @Test
  void nobodyWaits() throws Exception {
    sessions.idle("holds", "UPDATE t SET a = 1 WHERE id = 1");
    Waits waits = Rig.await(as(url).waits());
    assertEquals(List.of(), waits.waits());
    assertNotNull(waits.own());
    assertEquals(url.port(), waits.serverPort());
    assertEquals(url.user(), waits.role());
    assertFalse(waits.hidden());
  }

  @Test
  void whoWaitsAndWhoBlocks() throws Exception {
    sessions.idle("holds", "UPDATE t SET a = 1 WHERE id = 1");
    sessions.waits("waits", "UPDATE t SET a = 2\n WHERE id = 1");
    PgBackends backends = as(url);
    LockWait wait = Rig.await(backends.waits()).waits().getFirst();
    assertEquals("waits", wait.session().application());
    assertEquals("UPDATE t SET a = 2\n WHERE id = 1", wait.session().query());
    assertEquals("127.0.0.1", Objects.requireNonNull(wait.end()).address());
    assertTrue(Objects.requireNonNull(wait.waits()).compareTo(wait.statement()) <= 0);
    Map<Integer, List<Blocker>> blockers = Rig.await(backends.blockers(List.of(wait.pid(), 1)));
    assertEquals(List.of(wait.pid()), List.copyOf(blockers.keySet()));
    Blocker blocker = blockers.get(wait.pid()).getFirst();
    assertEquals("holds", blocker.session().application());
    assertEquals("idle in transaction", blocker.state());
    assertTrue(blocker.sentence().endsWith(": UPDATE t SET a = 1 WHERE id = 1"));
    assertNotNull(blocker.transactionAge());
  }

  /** Everyone who queues before a waiting one blocks it, too, until the first lets go. */
  @Test
  void theOneThatDoesNotWaitIsTheRoot() throws Exception {
    sessions.idle("holds", "LOCK TABLE t IN ACCESS SHARE MODE");
    sessions.waits("alters", "UPDATE t SET a = 1 WHERE id = 2", "ALTER TABLE t ADD COLUMN b int");
    sessions.waits("reads", "SELECT FROM t");
    PgBackends backends = as(url);
    List<LockWait> waits = Rig.await(backends.waits()).waits();
    assertEquals(
        List.of("alters", "reads"),
        waits.stream().map(wait -> wait.session().application()).toList());
    List<Integer> pids = waits.stream().map(LockWait::pid).toList();
    Blockers blockers = new Blockers(Set.copyOf(pids), Rig.await(backends.blockers(pids)));
    for (int pid : pids) {
      assertTrue(blockers.sentence(pid).contains("(holds, "), blockers.sentence(pid));
    }
  }

  /** A role without privileges knows that others wait, but not from where nor for what. */
  @Test
  void aRoleThatMaySeeLittleSaysSo() throws Exception {
    String name = "blind_" + url.database();
    TestPostgres.execute(url, "CREATE ROLE " + name + " LOGIN PASSWORD 'x'");
    PostgresUrl role =
        PostgresUrl.parse(
            "postgresql://%s:x@%s:%d/%s".formatted(name, url.host(), url.port(), url.database()));
    sessions.idle("holds", "UPDATE t SET a = 1 WHERE id = 1");
    sessions.waits("waits", "UPDATE t SET a = 2 WHERE id = 1");
    PgBackends backends = as(role);
    Waits waits = Rig.await(backends.waits());
    assertTrue(waits.hidden());
    assertEquals(name, waits.role());
    LockWait wait = waits.waits().getFirst();
    assertEquals("waits", wait.session().application());
    assertNull(wait.end());
    assertNull(wait.session().query());
    assertNull(wait.statement());
    assertNotNull(wait.waits());
    Blocker blocker = Rig.await(backends.blockers(List.of(wait.pid()))).get(wait.pid()).getFirst();
    assertNull(blocker.state());
    assertTrue(blocker.sentence().contains("hidden from the agent's role"), blocker.sentence());

    TestPostgres.execute(url, "GRANT pg_read_all_stats TO " + name);
    assertFalse(Rig.await(backends.waits()).hidden());
    TestPostgres.execute(url, "DROP OWNED BY " + name + "; DROP ROLE " + name);
  }

  @Test
  void whatCannotBeReadIsSaid() {
    PostgresUrl nobody = PostgresUrl.parse("postgresql://nobody:x@127.0.0.1:1/none");
    SourceFailed failure = assertThrows(SourceFailed.class, () -> Rig.await(as(nobody).waits()));
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("could not read who waits for locks"),
        failure.getMessage());
  }
}
