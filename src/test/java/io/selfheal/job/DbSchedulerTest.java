package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.Secret;
import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The preset of db-scheduler, on its table. */
class DbSchedulerTest {
  static final String PRESET = "preset: db-scheduler";
  static final String HOLDER = "holder: {format: \"{host}:{pid}\"}";

  /** The library's table in a new database. */
  static Rig rig() {
    return new Rig().sql(LibrarySchemas.of("db-scheduler"));
  }

  /** A picked execution of the task {@code mail}. */
  private static Rig picked(Rig rig, String instance, String by, String heartbeat) {
    return rig.sql(
        """
        INSERT INTO scheduled_tasks (task_name, task_instance, task_data, execution_time, picked,
          picked_by, last_success, consecutive_failures, last_heartbeat, version, priority)
        VALUES ('mail', '%s', '\\x01', now() - interval '1 day', true, '%s', '2026-01-01Z', NULL,
          %s, 7, 3)"""
            .formatted(instance, by, heartbeat));
  }

  private static String rows(Rig rig) {
    return rig.value(
        "SELECT md5(string_agg(j::text || j.xmin, ',' ORDER BY task_instance))"
            + " FROM scheduled_tasks j");
  }

  @Test
  void nothingStuck() {
    try (Rig rig = rig()) {
      picked(rig, "a", "here:100", "now()")
          .sql(
              "INSERT INTO scheduled_tasks VALUES ('mail', 'b', NULL, now(), false)"
                  .replace("false)", "false, NULL, NULL, NULL, NULL, NULL, 1)"));
      rig.deployWith(PRESET, HOLDER);
      String before = rows(rig);
      Swept swept = rig.sweep();
      assertEquals(0, swept.rescued());
      assertEquals(1, swept.looked());
      assertEquals(before, rows(rig));
    }
  }

  @Test
  void anExecutionOfTheDeadIsAsAfterARevivalAndStaysSo() {
    try (Rig rig = rig()) {
      picked(rig, "it''s \"odd\" ü, 1", "here:1", "now()").deployWith(PRESET, HOLDER);
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      assertEquals("[\"mail\", \"it's \\\"odd\\\" ü, 1\"]", swept.jobs().getFirst().jobId());
      assertEquals(
          "[false, null, null, 1, 8, 3, \"\\\\x01\", true, true]",
          rig.value(
              """
              SELECT jsonb_build_array(picked, picked_by, last_heartbeat, consecutive_failures,
                version, priority, task_data, last_failure = execution_time,
                execution_time > now() - interval '1 minute' AND last_success = '2026-01-01Z')
              FROM scheduled_tasks"""));
      String after = rows(rig);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(after, rows(rig));
    }
  }

  @Test
  void manyFailuresDoNotEndAnExecutionBecauseTheLibraryRevivesWithoutLimit() {
    try (Rig rig = rig()) {
      picked(rig, "a", "here:1", "now()")
          .sql("UPDATE scheduled_tasks SET consecutive_failures = 40")
          .deployWith(PRESET, HOLDER);
      assertEquals(1, rig.sweep().rescued());
      assertEquals("41", rig.value("SELECT consecutive_failures FROM scheduled_tasks"));
    }
  }

  @Test
  void whatChangesBetweenLookAndRescueIsLeft() {
    for (String change :
        List.of(
            "UPDATE scheduled_tasks SET last_heartbeat = now() + interval '1 second'",
            "UPDATE scheduled_tasks SET version = 8",
            "UPDATE scheduled_tasks SET picked = false, picked_by = NULL, version = 8",
            "UPDATE scheduled_tasks SET execution_time = now()",
            "DELETE FROM scheduled_tasks")) {
      try (Rig rig = rig()) {
        picked(rig, "a", "here:1", "now()").deployWith(PRESET, HOLDER);
        rig.judge =
            question -> {
              rig.sql(change);
              return Future.succeededFuture(
                  new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
            };
        assertEquals(0, rig.sweep().rescued(), change);
        assertEquals(
            "0", rig.value("SELECT count(*) FROM scheduled_tasks WHERE last_failure IS NOT NULL"));
      }
    }
  }

  @Test
  void aLockedRowIsSkippedAndPagesFollowEachOther() throws SQLException {
    try (Rig rig = rig()) {
      for (String instance : List.of("a", "b", "B", "c", "d")) {
        picked(rig, instance, "here:1", "now()");
      }
      rig.deployWith(PRESET, HOLDER, "batch: 2");
      try (Connection connection = TestPostgres.connect(rig.url);
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("SELECT * FROM scheduled_tasks WHERE task_instance = 'b' FOR UPDATE");
        assertEquals(4, rig.sweep().rescued());
        connection.rollback();
      }
      assertEquals("b", rig.value("SELECT task_instance FROM scheduled_tasks WHERE picked"));
      assertEquals(1, rig.sweep().rescued());
    }
  }

  @Test
  void withoutAHolderOnlySilenceCountsAndNoTimeIsNotOld() {
    try (Rig rig = rig()) {
      picked(rig, "old", "host", "now() - interval '2 hours'");
      picked(rig, "none", "host", "NULL");
      picked(rig, "never", "host", "'infinity'");
      picked(rig, "always", "host", "'-infinity'");
      picked(rig, "dead", "here:1", "'infinity'");
      rig.deployWith(PRESET, HOLDER);
      assertEquals(List.of("[\"mail\", \"dead\"]"), swept(rig), "of the rest its clock tells");
      rig.pass(Duration.ofMinutes(30));
      picked(rig, "fresh", "host", "now() - interval '1 minute'");
      picked(rig, "future", "host", "now() + interval '2 hours'");
      picked(rig, "nobody", "", "now()")
          .sql("UPDATE scheduled_tasks SET picked_by = NULL WHERE task_instance = 'nobody'");
      assertEquals(List.of("[\"mail\", \"old\"]"), swept(rig));
    }
  }

  private static List<String> swept(Rig rig) {
    Swept swept = rig.sweep();
    assertTrue(swept.problems().isEmpty(), swept.problems().toString());
    return swept.jobs().stream().map(StuckJob::jobId).sorted().toList();
  }

  /** The scheduler's clock is an hour behind: it beats, and is no older than was seen. */
  @Test
  void aBeatingExecutionStaysHoweverFarBehindItsClockIs() {
    try (Rig rig = rig()) {
      rig.deployWith(PRESET, HOLDER);
      picked(rig, "behind", "host", "now() - interval '1 hour'");
      for (int beats = 0; beats < 12; beats++) {
        assertEquals(List.of(), swept(rig));
        rig.pass(Duration.ofMinutes(5));
        rig.sql(
            "UPDATE scheduled_tasks SET last_heartbeat = last_heartbeat + interval '5 minutes'");
      }
      assertEquals(List.of(), swept(rig));
      rig.pass(Duration.ofMinutes(31));
      assertEquals(List.of("[\"mail\", \"behind\"]"), swept(rig), "now it is silent");
    }
  }

  @Test
  void countsAndTheIndexThatMakesLooksCheap() {
    try (Rig rig = rig()) {
      picked(rig, "a", "here:100", "now()");
      rig.sql(
          """
          INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
          VALUES ('mail', 'b', now() - interval '1 hour', false, 1),
                 ('mail', 'c', now() + interval '1 hour', false, 1)""");
      rig.deployWith(PRESET, HOLDER).count();
      assertEquals(Map.of("picked", 1L, "due", 1L, "scheduled", 1L), rig.source().counts());
      assertEquals("1 since a time", rig.ready());
      rig.sql(Objects.requireNonNull(rig.source().advice())).count();
      assertNull(rig.source().advice());
    }
  }

  @Test
  void aTableThatIsNotTheLibrarysSaysWhatDiffers() {
    try (Rig rig = new Rig()) {
      rig.deployWith(PRESET);
      assertProblem(rig, "public.scheduled_tasks");
    }
    try (Rig rig = rig()) {
      rig.sql("ALTER TABLE scheduled_tasks DROP priority, DROP last_failure").deployWith(PRESET);
      assertProblem(rig, "last_failure");
      rig.sql("ALTER TABLE scheduled_tasks ADD last_failure timestamp");
      assertProblem(
          rig,
          "column last_failure of public.scheduled_tasks is timestamp without time zone; what fits:"
              + " timestamp with time zone");
      rig.sql("ALTER TABLE scheduled_tasks ALTER last_failure TYPE timestamptz");
      rig.tick();
      assertNull(rig.source().problem());
    }
  }

  @Test
  void aMissingPrivilegeComesWithItsGrant() {
    String role = "dbscheduler_" + ProcessHandle.current().pid();
    Rig owner = rig();
    owner.sql("CREATE ROLE " + role + " LOGIN PASSWORD 'sweep'");
    PostgresUrl url =
        new PostgresUrl(
            owner.url.host(),
            owner.url.port(),
            owner.url.database(),
            role,
            new Secret("sweep"),
            owner.url.sslMode(),
            owner.url.options());
    picked(owner, "a", "here:1", "now()").sql("GRANT SELECT ON scheduled_tasks TO " + role);
    try (owner;
        Rig rig = new Rig(url).deployWith(PRESET, HOLDER)) {
      assertProblem(rig, "GRANT UPDATE");
      owner.sql("GRANT UPDATE ON scheduled_tasks TO " + role);
      assertEquals(1, rig.sweep().rescued());
    } finally {
      TestPostgres.execute(owner.url, "DROP OWNED BY " + role);
      TestPostgres.execute(owner.url, "DROP ROLE " + role);
    }
  }

  private static void assertProblem(Rig rig, String part) {
    rig.tick();
    String problem = String.valueOf(rig.source().problem());
    assertTrue(problem.contains(part), problem);
  }

  /** The library keeps 50 characters of a scheduler's name. */
  @Test
  void aHostWhoseNameIsTooLongForItsHoldersIsToldBeforeAnyRuns() {
    try (Rig rig = rig()) {
      rig.host = "h".repeat(45);
      rig.deployWith(PRESET, HOLDER);
      String told = String.valueOf(rig.source().unproven());
      assertTrue(told.contains("no process whose pid has more than 3 digits"), told);
      assertTrue(told.contains("give the host a shorter name; or, "), told);
      picked(rig, "short", rig.host + ":100", "now()");
      assertEquals(told, rig.tick().source().unproven(), "the next may be longer");
      picked(rig, "long", rig.host + ":1000", "now()");
      String both = String.valueOf(rig.tick().source().unproven());
      assertTrue(both.startsWith("1 of 2 holders do not have the form {host}:{pid}"), both);
      assertTrue(both.endsWith("; " + told), both);
      rig.undeploy();
      rig.deployWith(PRESET, "holder: {format: \"pid:{pid}\"}");
      assertNull(rig.source().unproven());
    }
  }
}
