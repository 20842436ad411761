package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.PRESENT;
import static io.selfheal.message.Presence.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Time;
import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.DatabaseRequests.Examination;
import io.selfheal.message.DatabaseRequests.Examined;
import io.selfheal.message.Presence;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.ReadyStore;
import io.selfheal.store.Store;
import io.selfheal.store.StoreConfig;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DatabaseSickTest {
  private static final String OWN = "service/database";

  private @Nullable Examination seen;

  private RuleRun run(String... lines) {
    RuleRun run = new RuleRun(new DatabaseSick(), lines);
    run.bus.answer(
        DatabaseRequests.EXAMINE, query -> Future.succeededFuture(new Examined(List.of(seen))));
    return run;
  }

  private static Examination of(int latencyMs, int calls, int connections, @Nullable Duration lag) {
    return new Examination(
        "database",
        null,
        Duration.ofMillis(latencyMs),
        calls,
        5,
        connections,
        100,
        Duration.ZERO,
        lag,
        false);
  }

  @ParameterizedTest
  @CsvSource({
    // latency, calls, connections, lag in seconds
    "1, 0, 10, , ABSENT",
    "499, 5, 79, , ABSENT",
    "500, 0, 10, , BETWEEN",
    "999, 0, 10, , BETWEEN",
    "1000, 0, 10, , PRESENT",
    "1, 6, 10, , BETWEEN",
    "1, 9, 10, , BETWEEN",
    "1, 10, 10, , PRESENT",
    "1, 0, 80, , BETWEEN",
    "1, 0, 90, , PRESENT",
    "1, 0, 10, 29, ABSENT",
    "1, 0, 10, 30, BETWEEN",
    "1, 0, 10, 60, PRESENT"
  })
  void eachPartHasItsThresholds(
      int latency, int calls, int connections, @Nullable Integer lag, Presence expected)
      throws Exception {
    seen = of(latency, calls, connections, lag == null ? null : Duration.ofSeconds(lag));
    try (RuleRun run = run("enter: {lag: 1m}")) {
      assertEquals(expected, run.look().presence(OWN), run.standing(OWN).evidence());
    }
  }

  @Test
  void lagIsOnlyLookedAtWhereItIsAskedFor() throws Exception {
    seen = of(1, 0, 10, Duration.ofDays(1));
    try (RuleRun run = run()) {
      assertEquals(ABSENT, run.look().presence(OWN));
    }
  }

  @Test
  void sessionsWithoutALimitAreASymptomOnlyWhereThatIsAskedFor() throws Exception {
    seen = of(1, 0, 10, null);
    try (RuleRun run = run("enter: {no_statement_timeout: true}")) {
      assertEquals(PRESENT, run.look().presence(OWN));
      assertTrue(run.standing(OWN).evidence().contains("ALTER DATABASE"));
    }
    try (RuleRun run = run()) {
      assertEquals(ABSENT, run.look().presence(OWN));
    }
  }

  @Test
  void aStandbyThatIsCutOffIsToldAsThat() throws Exception {
    Duration silent = Duration.ofHours(5);
    Duration latency = Duration.ofMillis(1);
    seen = new Examination("database", null, latency, 0, 5, 9, 100, Duration.ZERO, silent, true);
    try (RuleRun run = run("enter: {lag: 1m}")) {
      assertEquals(PRESENT, run.look().presence(OWN));
      assertEquals(
          "replication is cut off; it has heard of no transaction for 5 h",
          run.standing(OWN).evidence());
    }
  }

  @Test
  void aServerThatGivesNoConnectionIsSick() throws Exception {
    seen =
        new Examination(
            "database", "sorry, too many clients already", null, 0, 5, -1, -1, null, null, false);
    try (RuleRun run = run()) {
      assertEquals(PRESENT, run.look().presence(OWN));
      assertEquals(
          "it gives no connection: sorry, too many clients already", run.standing(OWN).evidence());
    }
  }

  @Test
  void whatIsSlowWhileTheAgentStarvesIsUnknown() throws Exception {
    seen = of(4000, 50, 10, null);
    try (RuleRun run = run()) {
      run.starved("some tasks waited for cpu 80 % of the last ten seconds");
      assertEquals(UNKNOWN, run.look().presence(OWN));
      run.starved(null);
      assertEquals(PRESENT, run.look().presence(OWN));
    }
  }

  @Test
  void oneSlowAnswerIsNone() throws Exception {
    try (RuleRun run = run("for: 30s")) {
      for (int i = 0; i < 10; i++) {
        seen = of(i % 3 == 0 ? 3000 : 2, 0, 10, null);
        run.pass(Duration.ofSeconds(15)).look();
      }
      assertFalse(run.seen(OWN));
      seen = of(3000, 0, 10, null);
      for (int i = 0; i < 3; i++) {
        run.pass(Duration.ofSeconds(15)).look();
      }
      assertTrue(run.seen(OWN));
    }
  }

  /** A real server, with connections taken until nearly none is left. */
  @Test
  void aServerNearlyOutOfConnectionsIsSick(@TempDir Path directory) throws Exception {
    var server = TestPostgres.ownServer(directory);
    PostgresUrl url = server.start();
    List<Connection> taken = new ArrayList<>();
    try (RuleRun run =
        new RuleRun(new DatabaseSick(), "enter: {connections: 60%}", "leave: {connections: 40%}")) {
      Store store =
          new Store(
              run.vertx,
              StoreConfig.with(url),
              directory,
              run.bus,
              new Time(InstantSource.system(), System::nanoTime));
      String id = ReadyStore.deploy(run.vertx, store).await(60, TimeUnit.SECONDS);
      assertEquals(ABSENT, run.look().presence(OWN), run.standing(OWN).evidence());
      while (run.look().presence(OWN) != PRESENT) {
        taken.add(TestPostgres.connect(url));
      }
      assertTrue(
          run.standing(OWN).evidence().endsWith("connections are taken"),
          run.standing(OWN).evidence());
      for (Connection one : taken) {
        one.close();
      }
      // The server counts a session until its process is gone.
      while (run.look().presence(OWN) != ABSENT) {
        Thread.onSpinWait();
      }
      run.vertx.undeploy(id).await(60, TimeUnit.SECONDS);
    } finally {
      server.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "enter: {latency: 1h}",
        "enter: {connections: 120%}",
        "enter: {connections: 70%}\n    leave: {connections: 80%}",
        "enter: {lag: 1m}\n    leave: {lag: 2m}",
        "enter: {latency: 1s}\n    leave: {latency: 2s}",
        "enter: {waiting: 0}",
        "where: {source: images}"
      })
  void whatIsWrongIsSaid(String lines) {
    assertThrows(
        IllegalArgumentException.class, () -> RuleRun.rule(new DatabaseSick(), lines), lines);
  }
}
