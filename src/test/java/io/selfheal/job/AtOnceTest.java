package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

  @Test
  void rescuesRunWithinTheirLimitsInOneTransaction() throws Exception {
    rig.table()
        .running(3, "now() - interval '2 hours'", "here:1")
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
    assertEquals(3, rig.sweep().rescued());
    assertEquals("3 1 500ms 10s off 1GB", rig.value(SEEN));
    rig.sql("TRUNCATE jobs, seen");
    rig.running(MANY, "now() - interval '2 hours'", "here:1");
    assertEquals(MANY, rig.sweep().rescued());
    assertEquals(MANY + " 2 500ms 10s off 4MB", rig.value(SEEN), "nobody else writes");
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
