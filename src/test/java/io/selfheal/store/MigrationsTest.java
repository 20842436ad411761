package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.Secret;
import io.vertx.core.Future;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationsTest {
  private final House house = new House();
  private final Migrations migrations = new Migrations(house.vertx);
  private final PostgresUrl url = TestPostgres.freshDatabase();

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void migratesOnce() throws Exception {
    int newest = MigrationScripts.newest();

    MigrationReport first = House.get(migrations.migrate(url));
    MigrationReport second = House.get(migrations.migrate(url));

    assertEquals(0, first.before());
    assertEquals(newest, first.after());
    assertEquals(newest, first.applied().size());
    assertEquals(new MigrationReport(newest, newest, List.of()), second);
  }

  @Test
  void severalAgentsTakeTurns() throws Exception {
    List<Future<MigrationReport>> all =
        Stream.generate(() -> migrations.migrate(url)).limit(4).toList();

    List<MigrationReport> reports = all.stream().map(House::get).toList();

    long applied = reports.stream().mapToLong(report -> report.applied().size()).sum();
    assertEquals(MigrationScripts.newest(), applied);
  }

  @Test
  void refusesASchemaFromTheFuture() {
    House.get(migrations.migrate(url));
    TestPostgres.execute(
        url,
        "INSERT INTO selfheal.flyway_schema_history"
            + " (installed_rank, version, description, type, script, installed_by, execution_time,"
            + " success) VALUES (999, '999', 'later', 'SQL', 'V999__later.sql', 'x', 1, true)");

    MigrationFailed failure = failure(url);

    assertEquals(MigrationFailed.Reason.SCHEMA_TOO_NEW, failure.reason());
    assertTrue(failure.getMessage().contains("999"), failure.getMessage());
  }

  @Test
  void namesTheGrantThatIsMissing() {
    TestPostgres.execute(url, "CREATE ROLE visitor LOGIN PASSWORD 'visitor'");
    PostgresUrl visitor =
        new PostgresUrl(
            url.host(),
            url.port(),
            url.database(),
            "visitor",
            new Secret("visitor"),
            url.sslMode(),
            url.options());

    MigrationFailed failure = failure(visitor);

    assertEquals(MigrationFailed.Reason.NOT_PERMITTED, failure.reason());
    String grant = "GRANT CREATE ON DATABASE \"" + url.database() + "\" TO \"visitor\"";
    assertTrue(failure.getMessage().contains(grant), failure.getMessage());

    TestPostgres.execute(url, grant);
    assertEquals(0, House.get(migrations.migrate(visitor)).before());
  }

  @Test
  void saysThatNothingListens() throws Exception {
    PostgresUrl nowhere =
        PostgresUrl.parse("postgresql://me@127.0.0.1:" + Ports.choose(new Random()) + "/x");

    assertEquals(MigrationFailed.Reason.UNREACHABLE, failure(nowhere).reason());
  }

  @Test
  void findsTheNewestByNumberNotByText() {
    assertEquals(
        10, MigrationScripts.newest(List.of("V2__b.sql", "V10__c.sql", "V1__a.sql", "notes.txt")));
    assertEquals(0, MigrationScripts.newest(List.of()));
  }

  private MigrationFailed failure(PostgresUrl where) {
    return assertInstanceOf(MigrationFailed.class, House.failure(migrations.migrate(where)));
  }
}
