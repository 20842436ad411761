package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.store.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PgOtherWritersTest {
  private final Rig rig = new Rig().table();
  private final PgOtherWriters others = new PgOtherWriters(rig.database());

  @AfterEach
  void close() {
    rig.close();
  }

  private boolean write() {
    return Rig.await(others.write());
  }

  @Test
  void oneThatHasChangedRowsAndNotEndedWritesAndOneThatOnlyReadsDoesNot() throws SQLException {
    assertFalse(write());
    try (Connection worker = TestPostgres.connect(rig.url);
        Statement statement = worker.createStatement()) {
      worker.setAutoCommit(false);
      statement.execute("SELECT FROM jobs");
      assertFalse(write());
      statement.execute("INSERT INTO jobs (state) VALUES ('ready')");
      assertTrue(write());
      worker.commit();
      assertFalse(write());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO parts VALUES (1)",
        "CREATE TABLE loaded (id int); INSERT INTO loaded VALUES (1)",
        "CREATE TEMPORARY TABLE loaded (id int); INSERT INTO loaded VALUES (1)"
      })
  void whateverTableItIsWrites(String statement) throws SQLException {
    rig.sql("CREATE TABLE parts (id int) PARTITION BY LIST (id)")
        .sql("CREATE TABLE part PARTITION OF parts DEFAULT");
    assertTrue(writes("", statement));
  }

  @Test
  void anAgentIsNobodyAndNeitherIsOneThatOnlyCounts() throws SQLException {
    rig.sql("CREATE SEQUENCE numbers");
    assertTrue(writes("", "INSERT INTO jobs (state) VALUES ('ready')"));
    assertFalse(
        writes("SET application_name = 'selfheal'", "INSERT INTO jobs (state) VALUES ('ready')"));
    assertFalse(writes("", "SELECT nextval('numbers')"));
  }

  /** Whether somebody is seen to write who has begun with the first and goes on with the second. */
  private boolean writes(String first, String second) throws SQLException {
    try (Connection worker = TestPostgres.connect(rig.url);
        Statement statement = worker.createStatement()) {
      statement.execute(first);
      worker.setAutoCommit(false);
      statement.execute(second);
      return write();
    }
  }

  /** One that is slow holds its lock on the index for long. */
  @Test
  void vacuumIsNobody() throws Exception {
    rig.running(1000, "now()", "here:7").sql("UPDATE jobs SET attempts = 2");
    try (Connection cleaner = TestPostgres.connect(rig.url);
        Statement statement = cleaner.createStatement()) {
      statement.execute("SET vacuum_cost_delay = 100");
      statement.execute("SET vacuum_cost_limit = 1");
      Thread vacuum = Thread.ofVirtual().start(() -> vacuum(statement));
      while (indexesBeingCleaned() == 0) {
        assertTrue(vacuum.isAlive(), "vacuum ended before it was seen");
        Thread.onSpinWait();
      }
      assertFalse(write());
      assertEquals(1, indexesBeingCleaned());
      statement.cancel();
      vacuum.join();
    }
  }

  private static void vacuum(Statement statement) {
    try {
      statement.execute("VACUUM (INDEX_CLEANUP ON) jobs");
    } catch (SQLException cancelled) {
      // As it is meant to be.
    }
  }

  private int indexesBeingCleaned() {
    return rig.column(
            "SELECT relation FROM pg_locks WHERE mode = 'RowExclusiveLock'"
                + " AND relation = 'jobs_pkey'::regclass")
        .size();
  }
}
