package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.Secret;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that no library should write, and some do; and roles that may not do all. */
class OddRowsTest {
  private static final int MOST = 50;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String ALL = "columns: {id: id, state: state, holder: holder}";

  @Test
  void statesThatNobodyConfiguredAndNoneAtAllAreLeftAndCounted() {
    try (Rig rig = new Rig()) {
      rig.table().sql("ALTER TABLE jobs ALTER state DROP NOT NULL");
      rig.running(2, "now()", "here:1")
          .sql(
              """
              INSERT INTO jobs (state, started, holder) VALUES
                ('paused', now(), 'here:1'), (NULL, now(), 'here:1'), ('RUNNING', now(), 'here:1'),
                ('running ', now(), 'here:1'), ('', now(), 'here:1')""")
          .deploy();
      assertEquals(2, rig.sweep().rescued());
      assertEquals(
          "5", rig.value("SELECT count(*) FROM jobs WHERE state IS DISTINCT FROM 'ready'"));
      rig.count();
      assertEquals(1, rig.source().counts().get("(null)"));
      assertEquals(1, rig.source().counts().get("paused"));
    }
  }

  /** A heartbeat or a start in the future, or none, is never an age; and no reason to fail. */
  @Test
  void timesThatCannotBeTrueNeverMakeAJobOld() {
    try (Rig rig = new Rig()) {
      rig.table()
          .sql(
              """
              INSERT INTO jobs (state, started, heartbeat, holder) VALUES
                ('running', NULL, NULL, 'here:999'),
                ('running', now() + interval '1 day', NULL, 'here:999'),
                ('running', now() + interval '1 day', now() + interval '2 days', 'here:999'),
                ('running', 'infinity', '-infinity', 'here:999'),
                ('running', '294276-12-31 23:59:59+00', '4713-01-01 00:00:00+00 BC', 'here:100'),
                ('running', NULL, now() + interval '1 day', 'here:1')""")
          .deploy();
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued(), "only the one whose holder is dead");
      assertEquals("6", rig.value("SELECT id FROM jobs WHERE state = 'ready'"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "smallint ; g",
        "oid ; g::oid",
        "double precision ; g / 7.0::double precision",
        "real ; g / 7.0::real",
        "date ; date '2026-01-01' + g",
        "timestamptz ; timestamptz '2026-01-01' + g * interval '1.000001 s'",
        "timestamp ; timestamp '2026-01-01' + g * interval '1.000001 s'",
        "inet ; inet '10.0.0.0' + g",
        "bytea ; decode(md5(g::text), 'hex')",
        "name ; 'Job ' || g",
        "positive ; g",
        "colour ; ('c' || g)::colour",
        "text ; E'a''\\\\\\n\\t\"b%s $1 ' || g || ' \u00e4\ud83d\ude00'",
        "interval ; g * interval '1 day 1.5 s'",
        "bit varying(9) ; g::bit(9)"
      })
  void idsOfEveryTypeThatHasAnOrder(String type, String value) {
    try (Rig rig = new Rig()) {
      rig.sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'")
          .sql("ALTER DATABASE " + rig.url.database() + " SET datestyle = 'SQL, DMY'")
          .sql("ALTER DATABASE " + rig.url.database() + " SET intervalstyle = 'sql_standard'")
          .sql("CREATE DOMAIN positive AS bigint CHECK (VALUE > 0)")
          .sql(
              "DO $$ BEGIN EXECUTE 'CREATE TYPE colour AS ENUM (' || (SELECT string_agg("
                  + "quote_literal('c' || g), ', ') FROM generate_series(1, 25) g) || ')'; END $$")
          .sql("CREATE TABLE jobs (id " + type + " PRIMARY KEY, state text, holder text)")
          .sql(
              "INSERT INTO jobs SELECT "
                  + value
                  + ", 'running', 'here:1' FROM generate_series(1, 25) g")
          .deployWith("table: jobs", ALL, Rig.STATES, "batch: 10");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(25, swept.looked());
      assertEquals(25, swept.rescued());
      assertEquals(25, swept.jobs().stream().map(StuckJob::jobId).distinct().count());
      assertEquals("25", rig.value("SELECT count(*) FROM jobs WHERE state = 'ready'"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"order", "Two Words", "100%s %1$s", "a\"b'c", "$1; --", "\u00e4\u00f6\u4e2d"})
  void namesThatNeedQuoting(String name) {
    try (Rig rig = new Rig()) {
      String quoted = Sql.name(name);
      rig.sql("CREATE SCHEMA " + quoted)
          .sql(
              "CREATE TABLE %1$s.%1$s (%1$s bigint PRIMARY KEY, %2$s text, %3$s timestamptz, %4$s text)"
                  .formatted(
                      quoted, Sql.name(name + "s"), Sql.name(name + "t"), Sql.name(name + "h")))
          .sql("INSERT INTO " + quoted + "." + quoted + " VALUES (1, 'it''s %s', now(), 'here:1')");
      String yaml = name.replace("'", "''");
      rig.deployWith(
          "table: '%s.%s'".formatted(yaml, yaml),
          "columns: {id: '%1$s', state: '%1$ss', started: '%1$st', holder: '%1$sh'}"
              .formatted(yaml),
          "states: {ready: 'it''s $1', running: 'it''s %s', failed: \"\\\\\"}");
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      assertEquals(
          "it's $1",
          rig.value("SELECT " + Sql.name(name + "s") + " FROM " + quoted + "." + quoted));
      rig.count();
      assertEquals(1, rig.source().counts().get("it's $1"));
    }
  }

  /** What is no number of attempts says nothing, and is no reason to fail. */
  @ParameterizedTest
  @ValueSource(strings = {"numeric", "double precision", "real"})
  void attemptsThatAreNoNumber(String type) {
    try (Rig rig = new Rig()) {
      rig.table().running(5, "now()", "here:1");
      rig.sql("ALTER TABLE jobs ALTER attempts TYPE " + type + ", ALTER attempts DROP NOT NULL")
          .sql(
              "UPDATE jobs SET attempts = CASE id WHEN 1 THEN 'NaN' WHEN 2 THEN '1e30' WHEN 3 THEN"
                  + " '-1e30' WHEN 4 THEN '7.4' END::"
                  + type);
      Swept swept = rig.deploy("max_attempts: 3").sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(5, swept.rescued());
      assertEquals("4", rig.value("SELECT id FROM jobs WHERE state = 'failed'"));
    }
  }

  /** They are unknown, and told without being read; that one changes is seen all the same. */
  @Test
  void holdersOfManyMegabytesAreNeitherReadNorTakenForEachOther() {
    try (Rig rig = new Rig()) {
      rig.table().running(14, "now() - interval '1 day'", "");
      rig.sql("UPDATE jobs SET holder = repeat('here:1 ', 1500000) || id");
      // One that can be read, so that there is a question in each pass.
      rig.running(1, "now()", "here:107").deploy("stuck_after: 1h");
      String last =
          "UPDATE jobs SET holder = repeat('here:1 ', 1500000) || clock_timestamp() WHERE id = 7";
      rig.judge =
          question -> {
            rig.sql(last);
            return Future.succeededFuture(
                new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
          };
      Swept swept = rig.sweep(new Sweep("images", null, false, null));
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(15, swept.looked());
      assertEquals("13", rig.value("SELECT count(*) FROM jobs WHERE state = 'ready'"));
      assertEquals("running", rig.value("SELECT state FROM jobs WHERE id = 7"));
    }
  }

  /** The role may not even read the payload; and a rescue does not write it anew. */
  @Test
  void payloadsAreNeitherReadNorRewritten() {
    try (Rig owner = new Rig()) {
      owner.table().sql("ALTER TABLE jobs ADD payload text");
      owner.sql("ALTER TABLE jobs ALTER payload SET STORAGE EXTERNAL");
      owner.running(6, "now()", "here:1").sql("UPDATE jobs SET payload = repeat('x', 10485760)");
      PostgresUrl url = role(owner, "payload");
      owner.sql(
          "GRANT SELECT (id, state, started, heartbeat, attempts, holder) ON jobs TO payload");
      owner.sql("GRANT UPDATE (state, started, heartbeat, holder) ON jobs TO payload");
      String size = "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname = 'jobs'";
      String before = owner.value(size);
      try (Rig rig = new Rig(url).deploy("batch: 2")) {
        rig.tick();
        rig.count();
        assertNull(rig.source().problem());
        assertEquals(6, rig.sweep().rescued());
      } finally {
        drop(owner, "payload");
      }
      assertEquals(before, owner.value(size));
      assertEquals("6", owner.value("SELECT count(*) FROM jobs WHERE length(payload) = 10485760"));
    }
  }

  @Test
  void aReadOnlyRoleIsSaidBeforeAnythingIsTried() {
    try (Rig owner = new Rig()) {
      owner.table().running(2, "now() - interval '1 day'", "here:1");
      PostgresUrl url = role(owner, "reader");
      owner.sql("GRANT SELECT, UPDATE ON jobs TO reader");
      owner.sql("ALTER ROLE reader SET default_transaction_read_only = on");
      try (Rig rig = new Rig(url).deploy()) {
        String problem = String.valueOf(rig.tick().source().problem());
        String mend = "ALTER ROLE \"reader\" SET default_transaction_read_only = off";
        assertTrue(problem.endsWith("; run: " + mend), problem);
        assertEquals(problem, rig.sweep().problems().get("images"));
        owner.sql(mend);
        // Connections that are open stay as they were.
        owner.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'");
        untilWell(rig);
        assertEquals(2, rig.sweep().rescued());
      } finally {
        drop(owner, "reader");
      }
    }
  }

  /** What is only found while writing is said by the database's own words and ours. */
  @Test
  void aDatabaseThatTurnsReadOnlyEndsTheSweepAndChangesNothing() {
    try (Rig rig = new Rig()) {
      rig.table().running(4, "now()", "here:1").deploy("batch: 2").tick();
      String name = rig.url.database();
      rig.sql("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
      terminate(rig);
      // Each session that was ended may cost a sweep first.
      String problem = "";
      for (int i = 0; i < MOST && !problem.contains("read-only"); i++) {
        Swept swept = rig.sweep();
        assertEquals(0, swept.rescued());
        problem = String.valueOf(swept.problems().get("images"));
      }
      assertTrue(problem.contains("read-only"), problem);
      TestPostgres.execute(
          rig.url.withDatabase("postgres"),
          "ALTER DATABASE " + name + " SET default_transaction_read_only = off");
      terminate(rig);
      assertEquals(4, untilSwept(rig));
      assertNull(rig.source().problem());
    }
  }

  /** What failed to be changed is a problem until a sweep has changed it. */
  private static long untilSwept(Rig rig) {
    long end = System.nanoTime() + LIMIT.toNanos();
    long rescued = 0;
    while (rescued == 0 && System.nanoTime() < end) {
      rescued = rig.sweep().rescued();
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return rescued;
  }

  private static void untilWell(Rig rig) {
    // A breaker that has opened lets nobody through before its probe, a second later.
    long end = System.nanoTime() + LIMIT.toNanos();
    while (rig.tick().source().problem() != null && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertNull(rig.source().problem());
  }

  private static void terminate(Rig rig) {
    TestPostgres.execute(
        rig.url.withDatabase("postgres"),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'selfheal'"
            + " AND datname = '"
            + rig.url.database()
            + "'");
    rig.pass(Duration.ofSeconds(1));
  }

  private static PostgresUrl role(Rig owner, String name) {
    owner.sql("CREATE ROLE " + name + " LOGIN PASSWORD 'odd'");
    PostgresUrl url = owner.url;
    return new PostgresUrl(
        url.host(),
        url.port(),
        url.database(),
        name,
        new Secret("odd"),
        url.sslMode(),
        url.options());
  }

  private static void drop(Rig owner, String name) {
    owner.sql("DROP OWNED BY " + name);
    owner.sql("DROP ROLE " + name);
  }
}
