package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs that follow one another are rescued without their ids: in River's table, of which a trigger
 * notes each change and the way on which it came. The client here:7 is dead, here:107 lives.
 */
class StretchRescueTest {
  private static final String RETRYABLE =
      "SELECT count(*) FROM river_job WHERE state = 'retryable'";

  private final Rig rig = new Rig();

  /** The ids 2, 4, 6 to 80, so that there is room between them. */
  @BeforeEach
  void stuck() {
    rig.sql(LibrarySchemas.of("river"));
    rig.sql(running("2 * i", "here:7") + " FROM generate_series(1, 40) AS i");
    rig.sql("CREATE TABLE changes (id bigint, way text)")
        .sql(
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO changes VALUES (NEW.id,
                CASE WHEN current_query() LIKE '%t.ctid%' THEN 'stretch' ELSE 'ids' END);
              RETURN NEW; END $$""")
        .sql(
            """
            CREATE TRIGGER note AFTER UPDATE ON river_job FOR EACH ROW
            WHEN (NEW.state IN ('retryable', 'discarded')) EXECUTE FUNCTION note()""");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static String running(String id, String holder) {
    return """
        INSERT INTO river_job (id, state, kind, attempt, max_attempts, attempted_at, attempted_by)
        SELECT %s, 'running', 'mail', 1, 25, now() - interval '1 minute', ARRAY['%s']"""
        .formatted(id, holder);
  }

  private void deploy(String... more) {
    rig.deployWith("preset: river", String.join("\n", more));
  }

  /** Happens once, after the jobs were read and before they are changed. */
  private void meanwhile(String change) {
    rig.judge =
        question -> {
          rig.sql(change);
          rig.judge = next -> Future.succeededFuture(verdicts(next.holders()));
          return Future.succeededFuture(verdicts(question.holders()));
        };
  }

  private static Verdicts verdicts(List<Holder> holders) {
    return new Verdicts(holders.stream().map(Rig::verdict).toList());
  }

  private void changed(long byStretch, long byIds) {
    assertEquals(
        byStretch + " by stretch, " + byIds + " by ids",
        rig.value(
            """
            SELECT count(*) FILTER (WHERE way = 'stretch') || ' by stretch, '
              || count(*) FILTER (WHERE way = 'ids') || ' by ids' FROM changes"""));
    assertEquals("t", rig.value("SELECT count(*) = count(DISTINCT id) FROM changes"));
  }

  @Test
  void allAreRescuedInOneAndLeftAloneAfterwards() {
    deploy();
    assertEquals(40, rig.sweep().rescued());
    assertEquals("40", rig.value(RETRYABLE));
    changed(40, 0);
    assertEquals(0, rig.sweep().rescued());
  }

  @Test
  void thoseWithoutAttemptsAreFinal() {
    rig.sql("UPDATE river_job SET attempt = 25 WHERE id <= 40");
    deploy();
    assertEquals(40, rig.sweep().rescued());
    assertEquals("20", rig.value("SELECT count(*) FROM river_job WHERE state = 'discarded'"));
    changed(40, 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE river_job SET state = 'completed', finalized_at = now() WHERE id = 20",
        "UPDATE river_job SET attempt = 2, attempted_at = clock_timestamp() WHERE id = 20",
        "DELETE FROM river_job WHERE id = 20"
      })
  void oneThatIsDoneOrTakenAgainMeanwhileIsLeftAndTheOthersAreNot(String change) {
    deploy();
    meanwhile(change);
    Swept swept = rig.sweep();
    assertEquals(39, swept.rescued());
    assertEquals("39", rig.value(RETRYABLE));
    changed(39, 0);
  }

  @Test
  void oneThatATriggerKeepsIsNotTakenForRescued() {
    rig.sql(
            """
            CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RETURN NULL; END $$""")
        .sql(
            "CREATE TRIGGER keep BEFORE UPDATE ON river_job FOR EACH ROW"
                + " WHEN (OLD.id = 20) EXECUTE FUNCTION keep()");
    deploy();
    assertEquals(39, rig.sweep().rescued());
    assertEquals("running", rig.value("SELECT state FROM river_job WHERE id = 20"));
    changed(39, 0);
  }

  @Test
  void whatOnlyLooksNewerIsFoundByItsClaim() {
    deploy();
    meanwhile("UPDATE river_job SET priority = 3 WHERE id IN (20, 22)");
    assertEquals(40, rig.sweep().rescued());
    changed(38, 2);
  }

  @Test
  void oneThatIsTakenBetweenThemMeanwhileIsNotTouched() {
    deploy();
    meanwhile(running("21", "here:7"));
    assertEquals(40, rig.sweep().rescued());
    assertEquals("running", rig.value("SELECT state FROM river_job WHERE id = 21"));
    changed(40, 0);
  }

  /** The number of the savepoint's transaction is higher than that of the whole. */
  @Test
  void oneThatIsTakenAgainInASavepointIsLeft() throws SQLException {
    deploy();
    try (Connection worker = TestPostgres.connect(rig.url);
        Statement statement = worker.createStatement()) {
      worker.setAutoCommit(false);
      statement.execute("INSERT INTO changes VALUES (0, 'other')");
      worker.setSavepoint();
      statement.execute(
          "UPDATE river_job SET attempt = 2, attempted_at = clock_timestamp() WHERE id = 20");
      rig.judge =
          question -> {
            try {
              worker.commit();
            } catch (SQLException failure) {
              return Future.failedFuture(failure);
            }
            return Future.succeededFuture(verdicts(question.holders()));
          };
      assertEquals(39, rig.sweep().rescued());
    }
    assertEquals(
        "running 2", rig.value("SELECT state || ' ' || attempt FROM river_job WHERE id = 20"));
  }

  @Test
  void jobsThatWereTakenWhileALongTransactionRanAreRescuedByTheirIds() throws SQLException {
    deploy();
    try (Connection other = TestPostgres.connect(rig.url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("CREATE TABLE slow (id int)");
      rig.sql("UPDATE river_job SET attempted_at = now() WHERE id > 40");
      assertEquals(40, rig.sweep().rescued());
    }
    changed(20, 20);
  }

  @Test
  void aLivingOnesJobBetweenThemIsLeft() {
    rig.sql(running("41", "here:107"));
    deploy();
    assertEquals(40, rig.sweep().rescued());
    assertEquals("running", rig.value("SELECT state FROM river_job WHERE id = 41"));
    changed(0, 40);
  }

  @Test
  void oneThatAnotherHasLockedIsSkipped() throws SQLException {
    deploy();
    try (Connection client = TestPostgres.connect(rig.url);
        Statement statement = client.createStatement()) {
      client.setAutoCommit(false);
      statement.execute("SELECT FROM river_job WHERE id = 20 FOR UPDATE");
      assertEquals(39, rig.sweep().rescued());
    }
    assertEquals(1, rig.sweep().rescued());
    changed(40, 0);
  }

  @Test
  void oneThatTheTableRefusesKeepsNoOther() {
    rig.sql("ALTER TABLE river_job ADD CHECK (id <> 40 OR state <> 'retryable')");
    deploy("batch: 10");
    assertEquals(39, rig.sweep().rescued());
    assertEquals("running", rig.value("SELECT state FROM river_job WHERE id = 40"));
  }

  @Test
  void fourAgentsRescueEachJobOnce() {
    rig.sql(running("1000 + i", "here:7") + " FROM generate_series(1, 1960) AS i");
    deploy("batch: 150");
    try (Rig second = new Rig(rig.url);
        Rig third = new Rig(rig.url);
        Rig fourth = new Rig(rig.url)) {
      List<Rig> others = List.of(second, third, fourth);
      others.forEach(one -> one.deployWith("preset: river", "batch: 150"));
      Future<Swept> first = ask(rig);
      List<Future<Swept>> asked = others.stream().map(StretchRescueTest::ask).toList();
      long rescued = Rig.await(first).rescued();
      for (Future<Swept> one : asked) {
        rescued += Rig.await(one).rescued();
      }
      assertEquals(2000, rescued + Rig.await(ask(rig)).rescued());
    }
    assertEquals(
        "2000 2000", rig.value("SELECT count(*) || ' ' || count(DISTINCT id) FROM changes"));
  }

  private static Future<Swept> ask(Rig rig) {
    return rig.bus.ask(JobRequests.SWEEP, new Sweep("images", null, false, null));
  }
}
