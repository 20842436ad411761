package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.DatabaseRequests.Examination;
import io.selfheal.message.DatabaseRequests.Examine;
import io.selfheal.message.DatabaseRequests.ListDatabases;
import io.selfheal.message.DatabaseRequests.Reset;
import io.selfheal.message.DatabaseRequests.State;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.remedy.OneRung;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of real databases, and what a reset of a breaker does. */
@Timeout(120)
class DatabaseDeskTest {
  private static final Time REAL = new Time(InstantSource.system(), System::nanoTime);
  private static final int POOL = 2;
  private static final Duration BEHIND = Duration.ofMillis(200);

  private final House house = new House();
  private final StoreConfig config =
      new StoreConfig(Optional.empty(), POOL, Duration.ofSeconds(30));
  private final Databases databases = new Databases(house.vertx, config, house.bus, REAL);
  private final DatabaseDesk desk = new DatabaseDesk(house.vertx, databases, POOL, house.bus, REAL);

  DatabaseDeskTest() {
    desk.open();
  }

  @AfterEach
  void close() {
    desk.close();
    House.get(databases.close());
    house.close();
  }

  private Examination examine(String name) {
    return House.get(house.bus.ask(DatabaseRequests.EXAMINE, new Examine(List.of(name))))
        .databases()
        .getFirst();
  }

  private State state() {
    return House.get(house.bus.ask(DatabaseRequests.LIST, new ListDatabases()))
        .databases()
        .getFirst();
  }

  private static Future<?> sql(Database database, String statement) {
    return database.use(pool -> pool.query(statement).execute());
  }

  @Test
  void aHealthyDatabaseIsMeasured() {
    PostgresUrl url = TestPostgres.freshDatabase();
    databases.open("source_images", url);
    Examination seen = examine("source_images");
    assertNull(seen.problem());
    assertFalse(seen.latency().isNegative());
    assertEquals(0, seen.calls());
    assertTrue(seen.connections() >= 1, seen.toString());
    assertTrue(seen.connectionsMost() > seen.connections(), seen.toString());
    assertEquals(Duration.ZERO, seen.statementTimeout());
    assertNull(seen.replicationLag());
    assertNull(state().away());

    TestPostgres.execute(
        url, "ALTER DATABASE " + url.database() + " SET statement_timeout = '45s'");
    assertEquals(Duration.ofSeconds(45), examine("source_images").statementTimeout());
    assertEquals(
        List.of(),
        House.get(house.bus.ask(DatabaseRequests.EXAMINE, new Examine(List.of("others"))))
            .databases());
  }

  @Test
  void callsThatWaitForAConnectionAreCounted() {
    PostgresUrl url = TestPostgres.freshDatabase();
    Database database = databases.open("mine", url);
    TestPostgres.execute(url, "CREATE TABLE held (one int)");
    List<Future<?>> calls = new ArrayList<>();
    try (java.sql.Connection locker = TestPostgres.connect(url);
        java.sql.Statement statement = locker.createStatement()) {
      locker.setAutoCommit(false);
      statement.execute("LOCK TABLE held");
      for (int i = 0; i < 7; i++) {
        calls.add(sql(database, "SELECT * FROM held"));
      }
      Examination seen = examine("mine");
      assertEquals(7, seen.calls());
      assertEquals(POOL, seen.poolMax());
      locker.rollback();
    } catch (java.sql.SQLException failure) {
      throw new IllegalStateException(failure);
    }
    calls.forEach(House::get);
    assertEquals(0, examine("mine").calls());
  }

  /** What it does not replay, or does not even get, it lacks: both sides tell for how long. */
  @Test
  void aStandbyThatFallsBehindIsSeenFromBothSides(@TempDir Path directory) throws Exception {
    Path first = directory.resolve("primary");
    EmbeddedPostgres server = TestPostgres.ownServer(first);
    PostgresUrl primary = server.start();
    databases.open("primary", primary);
    try (Standby standby = Standby.of(first, primary, directory.resolve("standby"))) {
      databases.open("standby", standby.url());
      TestPostgres.execute(primary, "CREATE TABLE written (one int)");
      await("it follows", () -> lag("standby").isZero());

      TestPostgres.execute(standby.url(), "SELECT pg_wal_replay_pause()");
      TestPostgres.execute(primary, "INSERT INTO written VALUES (1)");
      await("behind, by itself", () -> lag("standby").compareTo(BEHIND) > 0);
      await(
          "behind, by the one it follows",
          () -> {
            TestPostgres.execute(primary, "INSERT INTO written VALUES (1)");
            return lag("primary").compareTo(BEHIND) > 0;
          });
      TestPostgres.execute(standby.url(), "SELECT pg_wal_replay_resume()");
      await("it has caught up", () -> lag("standby").isZero());

      server.stop();
      await("cut off", () -> lag("standby").compareTo(BEHIND) > 0);
      assertTrue(examine("standby").cutOff());
      server.start();
      await("connected again", () -> lag("standby").isZero());
      assertFalse(examine("standby").cutOff());
      assertFalse(examine("primary").cutOff());
    } finally {
      server.stop();
    }
  }

  private Duration lag(String name) {
    Duration lag = examine(name).replicationLag();
    return lag == null ? Duration.ofMillis(-1) : lag;
  }

  private static void await(String what, BooleanSupplier holds) {
    Instant end = Instant.now().plusSeconds(60);
    while (!holds.getAsBoolean()) {
      assertTrue(Instant.now().isBefore(end), what);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static Act act() throws BadConfiguration {
    return OneRung.act("reset_breaker", "{}");
  }

  private Task task(String subject) {
    return OneRung.task("service_down", subject, REAL, house.bus);
  }

  @Test
  void aBreakerIsResetOnceItsDatabaseAnswersAndNotBefore(@TempDir Path directory) throws Exception {
    EmbeddedPostgres server = TestPostgres.ownServer(directory);
    Database database = databases.open("mine", server.start());
    House.get(sql(database, "SELECT 1"));
    assertEquals(Outcome.ALREADY_DONE, act().perform(task("service/mine")).outcome());

    server.stop();
    while (state().away() == null) {
      House.failure(sql(database, "SELECT 1"));
    }
    house.await(BreakerEvent.Opened.class, event -> true);
    assertTrue(examine("mine").problem() != null);
    Performed rehearsed = act().rehearse(task("service/mine"));
    assertEquals(Outcome.DONE, rehearsed.outcome(), rehearsed.detail());
    assertTrue(rehearsed.detail().startsWith("would make new connections"), rehearsed.detail());
    Performed early = act().perform(task("service/mine"));
    assertEquals(Outcome.FAILED, early.outcome(), early.detail());
    assertTrue(early.detail().contains("still away"), early.detail());

    server.start();
    Performed done = act().perform(task("service/mine"));
    // Its own probe may have come first.
    assertTrue(
        done.outcome() == Outcome.DONE || done.outcome() == Outcome.ALREADY_DONE, done.detail());
    House.get(sql(database, "SELECT 1"));
    assertNull(state().away());
    server.stop();
  }

  @Test
  void anotherServiceIsRefused() throws Exception {
    databases.open("mine", TestPostgres.freshDatabase());
    for (String subject : List.of("service/openai", "worker/images.1")) {
      assertEquals(Outcome.REFUSED, act().perform(task(subject)).outcome(), subject);
      assertEquals(Outcome.REFUSED, act().rehearse(task(subject)).outcome(), subject);
    }
    assertEquals(
        Outcome.REFUSED,
        House.get(house.bus.ask(DatabaseRequests.RESET, new Reset("openai"))).outcome());
  }
}
