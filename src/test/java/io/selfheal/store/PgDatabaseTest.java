package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.BreakerEvent;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgDatabaseTest {
  private final House house = new House();
  private final Databases databases =
      new Databases(house.vertx, StoreConfig.defaults(), house.bus, House.TIME);

  @AfterEach
  void close() {
    House.get(databases.close());
    house.close();
  }

  @Test
  void runsUnderItsNameWithALimitOnStatements() {
    Database database = databases.open("mine", TestPostgres.freshDatabase());

    assertEquals("selfheal", text(database, "SHOW application_name"));
    assertEquals("30s", text(database, "SHOW statement_timeout"));
  }

  @Test
  void sharesOnePoolForOneUrl() {
    PostgresUrl url = TestPostgres.freshDatabase();
    Database first = databases.open("first", url);

    assertSame(first, databases.open("second", url));
    assertNotSame(first, databases.open("third", TestPostgres.freshDatabase()));
  }

  @Test
  void whatTheDatabaseObjectsToComesAsItIsAndOpensNothing() {
    Database database = databases.open("mine", TestPostgres.freshDatabase());
    text(database, "CREATE TABLE one (id int PRIMARY KEY)");
    text(database, "INSERT INTO one VALUES (1)");

    for (int i = 0; i < 20; i++) {
      assertObjection("42P01", database, "SELECT * FROM nothing");
      assertObjection("23505", database, "INSERT INTO one VALUES (1)");
    }

    assertEquals("1", text(database, "SELECT id::text FROM one"));
    assertTrue(house.drain().isEmpty());
  }

  @Test
  void endsAStatementThatRunsTooLong() {
    StoreConfig hasty = new StoreConfig(Optional.empty(), 1, Duration.ofMillis(100));
    Databases own = new Databases(house.vertx, hasty, house.bus, House.TIME);
    Database database = own.open("hasty", TestPostgres.freshDatabase());

    assertObjection("57014", database, "SELECT pg_sleep(60)");

    House.get(own.close());
  }

  @Test
  void refusesAtOnceWhenNothingListens() throws Exception {
    PostgresUrl nowhere =
        PostgresUrl.parse(
            "postgresql://me:secret@127.0.0.1:" + Ports.choose(new java.util.Random()) + "/x");
    Database database = databases.open("elsewhere", nowhere);

    for (int i = 0; i < 3; i++) {
      DatabaseUnavailable failure = unavailable(database);
      assertTrue(failure.getMessage().contains("onnection refused"), failure.getMessage());
      assertTrue(!failure.getMessage().contains("secret"), failure.getMessage());
    }

    BreakerEvent.Opened opened = house.await(BreakerEvent.Opened.class, event -> true);
    assertEquals("elsewhere", opened.service());
    DatabaseUnavailable refused = unavailable(database);
    assertEquals(House.TIME.now(), refused.since());
  }

  @Test
  void aWrongPasswordOpensTheBreakerToo() throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    PostgresUrl wrong =
        new PostgresUrl(
            url.host(),
            url.port(),
            url.database(),
            url.user(),
            new io.selfheal.config.Secret("wrong"),
            url.sslMode(),
            url.options());
    Database database = databases.open("locked", wrong);

    for (int i = 0; i < 3; i++) {
      unavailable(database);
    }

    assertTrue(house.await(BreakerEvent.Opened.class, event -> true).cause().contains("password"));
  }

  @Test
  void failsFastWhileAwayAndWorksAgainWhenBack(@TempDir Path directory) throws Exception {
    EmbeddedPostgres server = TestPostgres.ownServer(directory);
    Database database = databases.open("database", server.start());
    text(database, "CREATE TABLE kept AS SELECT 7 AS seven");
    try {
      server.stop();
      for (int i = 0; i < 3; i++) {
        unavailable(database);
      }
      house.await(BreakerEvent.Opened.class, event -> true);
      unavailable(database);

      server.start();

      // By its own probe: nobody calls it meanwhile.
      house.await(BreakerEvent.Closed.class, event -> true);
      assertEquals("7", text(database, "SELECT seven::text FROM kept"));
    } finally {
      server.stop();
    }
  }

  /** Frozen, not stopped: connections stay open and nothing answers. About 12 s. */
  @Test
  void aServerThatFallsSilentOpensTheBreakerAndComesBack(@TempDir Path directory) throws Exception {
    EmbeddedPostgres server = TestPostgres.ownServer(directory);
    StoreConfig hasty = new StoreConfig(Optional.empty(), 5, Duration.ofMillis(500));
    Databases own = new Databases(house.vertx, hasty, house.bus, House.TIME);
    Database database = own.open("silent", server.start());
    text(database, "SELECT 'warm'");
    try {
      signal("STOP", directory);
      List<Future<?>> calls =
          Stream.<Future<?>>generate(() -> database.use(pool -> pool.query("SELECT 1").execute()))
              .limit(3)
              .toList();
      calls.forEach(call -> assertInstanceOf(DatabaseUnavailable.class, House.failure(call)));
      house.await(BreakerEvent.Opened.class, event -> true);

      signal("CONT", directory);

      house.await(BreakerEvent.Closed.class, event -> true);
      assertEquals("back", text(database, "SELECT 'back'"));
    } finally {
      signal("CONT", directory);
      House.get(own.close());
      server.stop();
    }
  }

  private static void signal(String name, Path directory) throws Exception {
    for (long pid : Postmaster.processes(directory.resolve("postgres/data"))) {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      assertTrue(kill.waitFor(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aDatabaseThatIsNotConnectedYetSaysSo() {
    PgDatabase database = databases.later("database", cause -> {});
    database.notYet("it is still starting");

    assertTrue(unavailable(database).getMessage().contains("it is still starting"));
  }

  private static DatabaseUnavailable unavailable(Database database) {
    return assertInstanceOf(
        DatabaseUnavailable.class,
        House.failure(database.use(pool -> pool.query("SELECT 1").execute())));
  }

  private static void assertObjection(String state, Database database, String sql) {
    Throwable failure = House.failure(database.use(pool -> pool.query(sql).execute()));
    assertEquals(state, assertInstanceOf(PgException.class, failure).getSqlState());
  }

  private static String text(Database database, String sql) {
    Future<String> result =
        database.use(
            pool ->
                pool.query(sql)
                    .execute()
                    .map(rows -> rows.size() == 0 ? "" : rows.iterator().next().getString(0)));
    return House.get(result);
  }
}
