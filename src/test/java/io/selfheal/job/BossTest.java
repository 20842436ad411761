package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.NodeLibrary;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** pg-boss's own tables, in which the library itself has taken jobs that nobody finishes. */
class BossTest {
  private static final String WAYS = "SELECT name || ' ' || way FROM ways ORDER BY 1";
  private static final String STATES =
      "SELECT name || ' ' || state FROM pgboss.job WHERE name <> 'dead' ORDER BY name, data ->> 'name'";

  private static final String TWIN =
      """
      INSERT INTO pgboss.job (name, state, policy, data)
      VALUES ('own', 'retry', 'stately', '{"name": "twin"}')""";

  private static final String ALL =
      "SELECT md5(string_agg(j::text, ',' ORDER BY j)) FROM pgboss.job j";

  @TempDir private Path directory;
  private static NodeLibrary node;
  private BossLibrary library;

  @BeforeAll
  static void install() {
    node = BossLibrary.install();
  }

  @BeforeEach
  void logOfItsOwn() {
    library = new BossLibrary(node, directory);
  }

  private Rig rig(String... more) {
    Rig rig = library.database(BossLibrary.TWO);
    rig.sql("ALTER DATABASE " + rig.url.database() + " SET timezone = 'Asia/Kolkata'");
    return rig.deployWith(BossLibrary.SOURCE, String.join("\n", more));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1000})
  void allPartitionsAreReadPageByPageAndTheWorkerIsAskedAbout(int batch) {
    try (Rig rig = rig("batch: " + batch)) {
      rig.sql("UPDATE pgboss.job SET state = 'created' WHERE name = 'own'");
      assertEquals(1, rig.dryRun().jobs().size());
      rig.sql("UPDATE pgboss.job SET state = 'active' WHERE name = 'own'");
      List<StuckJob> jobs = rig.dryRun().jobs();
      assertEquals(
          List.of(
              "[\"mail\", \"00000000-0000-4000-8000-000000000001\"] 1",
              "[\"own\", \"00000000-0000-4000-8000-000000000001\"] 1"),
          jobs.stream().map(job -> job.jobId() + " " + job.attempts()).toList());
      Holder asked = Objects.requireNonNull(rig.questions.peek()).holders().getFirst();
      assertEquals("mailers", asked.worker());
      assertTrue(asked.only());
      assertTrue(asked.pid().isEmpty());
      assertNull(asked.instance());
      assertEquals(2, rig.sweepWhole());
      assertEquals(List.of("mail retry", "own retry"), rig.column(STATES));
      String after = rig.value(ALL);
      assertEquals(0, rig.sweepWhole());
      assertEquals(after, rig.value(ALL));
    }
  }

  /** The transaction that wrote a row tells how many there were. */
  @Test
  void largePayloadsAreWrittenAnewAFewAtATime() {
    try (Rig rig = rig()) {
      rig.sql(
          """
          INSERT INTO pgboss.job (name, state, policy, retry_limit, started_on, data)
          SELECT 'mail', 'active', 'standard', 2, now() - interval '1 minute',
            jsonb_build_object('name', 'large', 'bytes', (
              SELECT string_agg(md5(g || ' ' || i), '') FROM generate_series(1, 100000) AS i))
          FROM generate_series(1, 6) AS g""");
      assertEquals(8, rig.sweepWhole());
      assertEquals(
          "6 t",
          rig.value(
              """
              SELECT count(*) || ' ' || (count(DISTINCT xmin::text) BETWEEN 2 AND 6)::char
              FROM pgboss.job WHERE data ->> 'name' = 'large' AND state = 'retry'"""));
    }
  }

  @Test
  void onlyTheWantedQueuesAreLookedAt() {
    try (Rig rig = rig("queues: [\"it's\", mail]")) {
      rig.count();
      assertEquals(1, rig.source().counts().get("active"));
      assertEquals("0 since ever", rig.ready());
      assertEquals(1, rig.sweepWhole());
      assertEquals(List.of("mail retry", "own active"), rig.column(STATES));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE pgboss.job SET state = 'completed', completed_on = now()",
        "UPDATE pgboss.job SET state = 'retry'",
        "UPDATE pgboss.job SET retry_count = 1, started_on = clock_timestamp()",
        "UPDATE pgboss.job SET started_on = clock_timestamp()",
        "UPDATE pgboss.job SET heartbeat_on = clock_timestamp()",
        "UPDATE pgboss.job SET retry_limit = 0",
        "UPDATE pgboss.job SET dead_letter = CASE WHEN name = 'own' THEN 'dead' END",
        "DELETE FROM pgboss.job"
      })
  void whatChangedSinceTheLookIsLeft(String change) {
    try (Rig rig = rig()) {
      before(rig, change);
      String all = "SELECT count(*) FROM pgboss.job WHERE output IS NOT NULL OR name = 'dead'";
      assertEquals(0, rig.sweepWhole());
      assertEquals("0", rig.value(all));
    }
  }

  /** Does something between look and rescue, once. */
  private static void before(Rig rig, String change) {
    before(rig, () -> rig.sql(change));
  }

  private static void before(Rig rig, Runnable change) {
    var judge = rig.judge;
    rig.judge =
        question -> {
          rig.judge = judge;
          change.run();
          return judge.apply(question);
        };
  }

  @Test
  void aJobThatAnotherHasLockedIsSkipped() throws SQLException {
    try (Rig rig = rig();
        Connection client = TestPostgres.connect(rig.url);
        Statement statement = client.createStatement()) {
      client.setAutoCommit(false);
      statement.execute("SELECT FROM pgboss.job WHERE name = 'mail' FOR UPDATE");
      Swept swept = rig.sweep();
      assertEquals(1, swept.rescued());
      String problem = String.valueOf(swept.problems().get("images"));
      assertTrue(problem.contains("SELECT FROM pgboss.job WHERE name = 'mail'"), problem);
      assertEquals(List.of("mail active", "own retry"), rig.column(STATES));
      client.rollback();
      assertEquals(1, rig.sweepWhole());
    }
  }

  @Test
  void aRetryThatItsQueueDoesNotTakeFails() {
    try (Rig rig = rig()) {
      before(rig, TWIN);
      assertEquals(1, rig.sweepWhole());
      assertEquals(List.of("mail retry", "own retry", "own active"), rig.column(STATES));
      assertEquals(Effect.FAIL, rig.dryRun().jobs().getFirst().effect());
      assertEquals(1, rig.sweepWhole());
      assertEquals(List.of("mail retry", "own retry", "own failed"), rig.column(STATES));
    }
  }

  /** As above, but the other comes after the rescue has read, and before it writes. */
  @Test
  void oneJobThatIsTurnedAwayDoesNotKeepTheOthers() throws SQLException {
    try (Rig rig = rig();
        Connection client = TestPostgres.connect(rig.url);
        Statement statement = client.createStatement()) {
      client.setAutoCommit(false);
      noteTheWay(rig);
      before(rig, () -> insertAndCommitWhenWaitedFor(rig, client, statement));
      assertEquals(2, rig.sweepWhole());
      assertEquals(List.of("mail retry", "own retry", "own failed"), rig.column(STATES));
      assertEquals(List.of("mail as a stretch", "own as a stretch"), rig.column(WAYS));
    }
  }

  private static void noteTheWay(Rig rig) {
    rig.sql("CREATE TABLE ways (name text, way text)")
        .sql(
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO ways VALUES (OLD.name,
                CASE WHEN current_query() LIKE '%t.xmin%' THEN 'as a stretch' ELSE 'by its id' END);
              RETURN NULL; END $$""")
        .sql("CREATE TRIGGER note AFTER DELETE ON pgboss.job FOR EACH ROW EXECUTE FUNCTION note()");
  }

  private static void insertAndCommitWhenWaitedFor(
      Rig rig, Connection client, Statement statement) {
    String waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event_type = 'Lock'";
    try {
      statement.execute(TWIN);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (rig.value(waiting).equals("0")) {
                  Thread.onSpinWait();
                }
                client.commit();
              } catch (SQLException failure) {
                throw new IllegalStateException(failure);
              }
            });
  }

  @ParameterizedTest
  @CsvSource({
    "retry_count = 2, dead_letter, true",
    "retry_count = 3, dead_letter, false",
    "retry_limit = -1, dead_letter, false",
    "'retry_limit = 0, dead_letter = NULL', fail, true"
  })
  void aJobWithoutRetriesFails(String how, String effect, boolean keepsDue) {
    try (Rig rig = rig()) {
      rig.sql("UPDATE pgboss.job SET " + how + " WHERE name = 'mail'");
      rig.sql("DELETE FROM pgboss.job WHERE name = 'own'");
      Swept swept = rig.sweep();
      assertEquals(
          List.of(Effect.valueOf(effect.toUpperCase(Locale.ROOT))),
          swept.jobs().stream().map(StuckJob::effect).toList());
      assertEquals(
          "failed t t " + (keepsDue ? "t" : "f"),
          rig.value(
              "SELECT concat_ws(' ', state, completed_on IS NOT NULL, heartbeat_on IS NULL, start_after = created_on)"
                  + " FROM pgboss.job WHERE name = 'mail'"));
      assertEquals(
          effect.equals("fail") ? List.of() : List.of("created one mail"),
          rig.column(
              "SELECT concat_ws(' ', state, data ->> 'name', source_name) FROM pgboss.job"
                  + " WHERE name = 'dead'"));
    }
  }

  @Test
  void withoutProofAJobIsLeftAndAHeartbeatIsLife() {
    String old = "UPDATE pgboss.job SET started_on = now() - interval '2 hours'";
    try (Rig rig = rig()) {
      rig.judge = question -> Future.succeededFuture(unknown(question));
      String before = rig.sql(old).value(ALL);
      rig.pass(Duration.ofHours(2));
      assertEquals(0, rig.sweepWhole());
      assertEquals(2, rig.stuck(10).jobs().size());
      assertEquals(before, rig.value(ALL));
    }
    try (Rig rig = rig("act_on_unknown: true", "stuck_after: 1h", "heartbeat_grace: 10m")) {
      rig.judge = question -> Future.succeededFuture(unknown(question));
      rig.sql(old);
      rig.sql(
          "UPDATE pgboss.job SET heartbeat_seconds = 60, heartbeat_on = now() WHERE name = 'mail'");
      rig.sql("UPDATE pgboss.job SET heartbeat_on = started_on WHERE name = 'own'");
      rig.pass(Duration.ofHours(1));
      assertEquals(1, rig.sweepWhole());
      assertEquals(List.of("mail active", "own retry"), rig.column(STATES));
      rig.sql("UPDATE pgboss.job SET heartbeat_on = now() - interval '20 minutes'");
      rig.pass(Duration.ofMinutes(20));
      assertEquals(1, rig.sweepWhole());
    }
  }

  private static Verdicts unknown(JudgeHolders question) {
    return new Verdicts(question.holders().stream().map(Rig::verdict).toList());
  }

  @Test
  void oddRowsBreakNothing() {
    try (Rig rig = rig("batch: 2")) {
      rig.sql(
          """
          INSERT INTO pgboss.job (name, state, data, retry_count, retry_limit, retry_delay,
            retry_backoff, started_on, heartbeat_on, singleton_on)
          VALUES
            ('mail', 'active', '{"name": "a"}', -1, 2, 0, true, NULL, NULL, NULL),
            ('mail', 'active', '{"name": "b"}', 0, 2147483647, 2147483647, true, 'infinity', 'infinity', 'infinity'),
            ('mail', 'active', '{"name": "c"}', 2147483646, 2147483647, -5, true, '-infinity', '-infinity', NULL),
            ('mail', 'active', '{"name": "d"}', 20, 2147483647, 2147483647, true, now(), now(), NULL),
            ('mail', 'active', '{"name": "e"}', -2147483648, 9, 1, true, now(), now(), NULL),
            ('mail', 'active', '{"name": "f"}', 2147483647, 0, 1, true, now(), now(), NULL),
            ('mail', 'active', NULL, 0, 2, -5, false, now() + interval '9 years', now(), NULL),
            ('mail', 'active', to_jsonb(repeat('x', 10000000)), 0, 2, 0, false, now(), now(), NULL)""");
      rig.sql(
          "SELECT pgboss.create_queue('a\"b', '{\"partition\": true, \"policy\": \"standard\"}')");
      rig.sql("INSERT INTO pgboss.job (name, state) VALUES ('a\"b', 'active')");
      assertEquals(11, rig.sweepWhole());
      assertEquals("0", rig.value("SELECT count(*) FROM pgboss.job WHERE state = 'active'"));
      assertEquals("10000000", rig.value("SELECT max(length(data #>> '{}')) FROM pgboss.job"));
    }
  }
}
