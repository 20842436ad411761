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

@Timeout(60)
class PgOthersTest {
  private final Rig rig = new Rig().table();
  private final PgOthers others = new PgOthers(rig.database());

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
