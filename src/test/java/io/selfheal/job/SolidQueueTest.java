package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.Secret;
import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Solid Queue's tables in a real PostgreSQL; the holder here:7 is dead, here:107 lives. */
class SolidQueueTest {
  private static final String ALL =
      """
      SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
        SELECT 'c' || c::text FROM solid_queue_claimed_executions c UNION ALL
        SELECT 'r' || r::text FROM solid_queue_ready_executions r UNION ALL
        SELECT 'p' || p::text FROM solid_queue_processes p UNION ALL
        SELECT 'j' || j::text FROM solid_queue_jobs j) AS t (row)
      """;

  /** Processes 1 (dead), 2 (alive) and 3 (of another host); jobs 1 to 9 in queues of their own. */
  private static Rig rig(String... more) {
    Rig rig = new Rig();
    rig.sql(LibrarySchemas.of("solid_queue"))
        .sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'")
        .sql(
            """
            INSERT INTO solid_queue_processes (kind, last_heartbeat_at, pid, hostname, created_at, name)
            SELECT 'Worker', utc, pid, 'here', utc, 'worker-' || pid
            FROM unnest(ARRAY[7, 107, 907]) AS pid, (SELECT now() AT TIME ZONE 'UTC' AS utc) AS now
            """)
        .sql(
            """
            INSERT INTO solid_queue_jobs (queue_name, class_name, priority, created_at, updated_at)
            SELECT 'q' || g, 'Job', 10 + g, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
            FROM generate_series(1, 9) AS g
            """);
    rig.deployWith("preset: solid-queue", String.join("\n", more));
    return rig;
  }

  private static void claim(Rig rig, int job, String process, String at) {
    rig.sql(
        "INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at) VALUES (%d, %s, %s)"
            .formatted(job, process, at));
  }

  private static final String NOW = "now() AT TIME ZONE 'UTC'";
  private static final String OLD = "(now() AT TIME ZONE 'UTC') - interval '2 hours'";

  @Test
  void claimsOfADeadProcessAreReadyAgainAsTheJobSays() {
    try (Rig rig = rig()) {
      claim(rig, 1, "1", NOW);
      claim(rig, 2, "2", OLD);
      claim(rig, 3, "3", NOW);
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      assertEquals(Ruling.DEAD, swept.jobs().getFirst().verdict().ruling());
      assertEquals(
          "1 q1 11 t",
          rig.value(
              """
              SELECT concat_ws(' ', job_id, queue_name, priority,
                abs(extract(epoch FROM created_at - (now() AT TIME ZONE 'UTC'))) < 60)
              FROM solid_queue_ready_executions
              """));
      assertEquals(
          "2,3",
          rig.value("SELECT string_agg(job_id::text, ',') FROM solid_queue_claimed_executions"));
      assertEquals("9", rig.value("SELECT count(*) FROM solid_queue_jobs"));
      String after = rig.value(ALL);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(after, rig.value(ALL));
    }
  }

  @Test
  void nothingStuckChangesNothing() {
    try (Rig rig = rig()) {
      claim(rig, 2, "2", NOW);
      String before = rig.value(ALL);
      assertEquals(0, rig.sweep().rescued());
      assertEquals(before, rig.value(ALL));
    }
  }

  /** As a graceful stop in the library leaves it when it raced with a retry. */
  @Test
  void aRowThatIsReadyAlreadyStays() {
    try (Rig rig = rig()) {
      claim(rig, 1, "1", NOW);
      rig.sql("INSERT INTO solid_queue_ready_executions VALUES (50, 1, 'kept', 3, now())");
      assertEquals(1, rig.sweep().rescued());
      assertEquals(
          "50 kept 3",
          rig.value(
              "SELECT concat_ws(' ', id, queue_name, priority) FROM solid_queue_ready_executions"));
      assertEquals("0", rig.value("SELECT count(*) FROM solid_queue_claimed_executions"));
    }
  }

  /** What happened between look and rescue: completed, taken again, beating, pruned. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM solid_queue_jobs WHERE id = 1",
        "DELETE FROM solid_queue_claimed_executions",
        """
        DELETE FROM solid_queue_claimed_executions;
        INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at)
          VALUES (1, 1, now())
        """,
        "UPDATE solid_queue_processes SET last_heartbeat_at = last_heartbeat_at + interval '1 s'",
        "DELETE FROM solid_queue_processes"
      })
  void whatChangedSinceTheLookIsLeft(String change) {
    try (Rig rig = rig()) {
      claim(rig, 1, "1", OLD);
      rig.judge =
          question -> {
            rig.sql(change);
            return Future.succeededFuture(
                new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
          };
      assertEquals(0, rig.sweep().rescued());
      assertEquals("0", rig.value("SELECT count(*) FROM solid_queue_ready_executions"));
    }
  }

  @Test
  void aClaimThatAnotherHasLockedIsSkipped() throws SQLException {
    try (Rig rig = rig();
        Connection worker = TestPostgres.connect(rig.url);
        Statement statement = worker.createStatement()) {
      claim(rig, 1, "1", OLD);
      claim(rig, 4, "1", OLD);
      worker.setAutoCommit(false);
      statement.execute("SELECT FROM solid_queue_claimed_executions WHERE job_id = 1 FOR UPDATE");
      assertEquals(1, rig.sweep().rescued());
      assertEquals("4", rig.value("SELECT job_id FROM solid_queue_ready_executions"));
      worker.rollback();
      assertEquals(1, rig.sweep().rescued());
    }
  }

  /** The process row is gone or hostless: nobody is proven dead, however old the claim. */
  @Test
  void aClaimOfNobodyIsLeftUnlessAgeMayDecide() {
    try (Rig rig = rig()) {
      claim(rig, 1, "99", OLD);
      claim(rig, 2, "NULL", OLD);
      String before = rig.value(ALL);
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(0, swept.rescued());
      assertEquals(before, rig.value(ALL));
    }
    try (Rig rig = rig("act_on_unknown: true")) {
      claim(rig, 1, "99", OLD);
      assertEquals(0, rig.sweep().rescued(), "the worker's clock alone says that it is old");
      rig.pass(Duration.ofMinutes(30));
      claim(rig, 2, "99", NOW);
      claim(rig, 3, "3", OLD);
      rig.sql("UPDATE solid_queue_processes SET hostname = NULL WHERE pid = 7");
      claim(rig, 4, "1", NOW);
      assertEquals(1, rig.sweep().rescued());
      assertEquals("1", rig.value("SELECT job_id FROM solid_queue_ready_executions"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'infinity'", "'-infinity'", "(now() AT TIME ZONE 'UTC') + interval '9 years'"})
  void oddTimesBreakNothing(String time) {
    try (Rig rig = rig("act_on_unknown: true")) {
      claim(rig, 1, "3", time);
      claim(rig, 2, "1", NOW);
      rig.sql("UPDATE solid_queue_processes SET last_heartbeat_at = " + time);
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(1, swept.rescued());
      assertEquals("2", rig.value("SELECT job_id FROM solid_queue_ready_executions"));
    }
  }

  @Test
  void batchesGoThroughAllClaimsInOrder() {
    try (Rig rig = rig("batch: 2")) {
      for (int job = 1; job <= 9; job++) {
        claim(rig, job, "1", NOW);
      }
      assertEquals(9, rig.sweep().rescued());
      assertEquals("9", rig.value("SELECT count(*) FROM solid_queue_ready_executions"));
      rig.count();
      assertEquals(9, rig.source().counts().get("ready"));
      assertEquals("9 since a time", rig.ready());
    }
  }

  @Test
  void tablesOfAnotherVersionSayWhatDiffers() {
    try (Rig rig = rig()) {
      rig.sql("ALTER TABLE solid_queue_processes RENAME hostname TO host");
      assertProblem(rig, "public.solid_queue_processes has no column hostname");
      rig.sql("DROP TABLE solid_queue_ready_executions");
      assertProblem(rig, "public.solid_queue_ready_executions does not exist");
    }
  }

  @Test
  void missingPrivilegesComeWithTheGrantThatMendsThem() {
    String role = "solid_sweeper_" + ProcessHandle.current().pid();
    Rig owner = rig();
    owner.sql("CREATE ROLE " + role + " LOGIN PASSWORD 'sweep'");
    claim(owner, 1, "1", NOW);
    PostgresUrl url =
        new PostgresUrl(
            owner.url.host(),
            owner.url.port(),
            owner.url.database(),
            role,
            new Secret("sweep"),
            owner.url.sslMode(),
            owner.url.options());
    try (owner;
        Rig rig = new Rig(url).deployWith("preset: solid-queue")) {
      String problem = String.valueOf(rig.tick().source().problem());
      assertTrue(
          problem.contains("lacks DELETE on public.solid_queue_claimed_executions"), problem);
      assertTrue(problem.contains("lacks INSERT on public.solid_queue_ready_executions"), problem);
      assertTrue(
          problem.contains(
              "lacks USAGE on the sequence public.solid_queue_ready_executions_id_seq"),
          problem);
      Arrays.stream(problem.split("; ", -1))
          .filter(part -> part.startsWith("run: "))
          .forEach(part -> owner.sql(part.substring("run: ".length())));
      assertNotEquals(problem, String.valueOf(rig.tick().source().problem()));
      assertEquals(1, rig.sweep().rescued());
    } finally {
      TestPostgres.execute(owner.url, "DROP OWNED BY " + role);
      TestPostgres.execute(owner.url, "DROP ROLE " + role);
    }
  }

  /** The first look may be with statements made before; it fails, and the next one probes. */
  private static void assertProblem(Rig rig, String part) {
    String problem = String.valueOf(rig.tick().tick().source().problem());
    assertTrue(problem.contains(part), problem);
  }
}
