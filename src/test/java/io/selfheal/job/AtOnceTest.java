package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.store.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * All of a transaction goes to the server in one message, also on a connection that has never seen
 * its statements: their limits hold, and it is one transaction.
 */
@Timeout(120)
class AtOnceTest {
  /** More than are rescued without a look whether others write. */
  private static final int MANY = 300;

  private static final String SEEN =
      "SELECT count(*) || ' ' || count(DISTINCT transaction) || ' ' || min(lock) || ' ' ||"
          + " min(statement) || ' ' || min(sync) || ' ' || min(gin) FROM seen";

  private final Rig rig = new Rig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  /** Notes of each change in which transaction it was, and with which settings. */
  private void noted() throws Exception {
    rig.table()
        .sql("CREATE TABLE seen (lock text, statement text, sync text, gin text, transaction text)")
        .sql(
            """
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO seen VALUES (current_setting('lock_timeout'),
                current_setting('statement_timeout'), current_setting('synchronous_commit'),
                current_setting('gin_pending_list_limit'), pg_current_xact_id()::text);
              RETURN NEW;
            END $$""")
        .sql("CREATE TRIGGER note BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION note()");
    rig.deploy("stuck_after: 1h");
  }

  private String swept(int jobs) throws Exception {
    rig.sql("TRUNCATE jobs, seen").running(jobs, "now() - interval '2 hours'", "here:1");
    assertEquals(jobs, rig.sweep().rescued());
    return rig.value(SEEN);
  }

  @Test
  void rescuesRunWithinTheirLimitsInOneTransaction() throws Exception {
    noted();
    assertEquals("3 1 500ms 10s off 64MB", swept(3));
  }

  @Test
  void manyAreRescuedGentlyWhileOthersWriteAndThatIsLookedAtAgainAfterAWhile() throws Exception {
    noted();
    assertEquals("300 2 500ms 10s off 4MB", swept(MANY), "nobody else writes");
    try (Connection worker = TestPostgres.connect(rig.url);
        Statement statement = worker.createStatement()) {
      statement.execute("CREATE TABLE work (id int)");
      worker.setAutoCommit(false);
      statement.execute("INSERT INTO work VALUES (1)");
      rig.pass(Duration.ofSeconds(2));
      assertEquals("300 2 500ms 10s off 64MB", swept(MANY), "somebody does");
      worker.rollback();
    }
    for (int look = 1; look < Throttle.ENOUGH; look++) {
      assertEquals("300 2 500ms 10s off 64MB", swept(MANY), "somebody may");
    }
    assertEquals("300 2 500ms 10s off 4MB", swept(MANY), "nobody does");
  }

  @Test
  void nothingOfATransactionStaysWhoseOneStepFails() throws Exception {
    rig.table()
        .running(3, "now() - interval '2 hours'", "here:1")
        .sql(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.id = 3 THEN RAISE EXCEPTION 'not this one' USING ERRCODE = '55000'; END IF;
              RETURN NEW;
            END $$""")
        .sql("CREATE TRIGGER refuse BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION refuse()");
    rig.deploy("stuck_after: 1h");
    var swept = rig.sweep();
    assertEquals(0, swept.rescued());
    assertEquals(true, swept.problems().toString().contains("not this one"), swept.toString());
    assertEquals("3", rig.value("SELECT count(*) FROM jobs WHERE state = 'running'"));
    rig.sql("DROP TRIGGER refuse ON jobs");
    assertEquals(3, rig.sweep().rescued());
  }
}
