package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.WorkerRequests.Verdicts;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rescue changes the row that was judged, and no other with the same id. */
class OneRowTest {
  private static final String TABLE =
      "CREATE TABLE jobs (tenant int NOT NULL, id int, state text, started timestamptz, holder text";

  private static final String ROWS =
      """
      INSERT INTO jobs (tenant, id, state, holder) VALUES
        (1, 5, 'done', 'here:1'), (2, 5, 'running', 'here:1'), (3, 5, 'running', 'here:107'),
        (4, 5, 'failed', NULL)""";

  private static final String STATES =
      "SELECT string_agg(state, ' ' ORDER BY tenant) FROM jobs WHERE id = 5";

  private static Rig deploy(Rig rig) {
    return rig.deployWith(
        "table: jobs",
        "columns: {id: id, state: state, started: started, holder: holder}",
        Rig.STATES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE jobs ADD PRIMARY KEY (tenant, id)",
        "CREATE UNIQUE INDEX ON jobs (id) WHERE state = 'running'",
        "CREATE UNIQUE INDEX ON jobs ((id + 1))",
        "CREATE UNIQUE INDEX ON jobs (tenant) INCLUDE (id)",
        "CREATE INDEX ON jobs (id)"
      })
  void anIdThatIsNotUniqueAloneIsSaidAndNothingIsChanged(String key) {
    try (Rig rig = new Rig()) {
      rig.sql(TABLE + ")").sql("ALTER TABLE jobs ALTER id SET NOT NULL").sql(key);
      deploy(rig);
      String problem = String.valueOf(rig.tick().source().problem());
      String mend = "CREATE UNIQUE INDEX CONCURRENTLY ON \"public\".\"jobs\" (\"id\")";
      assertTrue(problem.startsWith("nothing keeps id unique in public.jobs: "), problem);
      assertTrue(problem.endsWith("; run: " + mend), problem);
      rig.sql("INSERT INTO jobs VALUES (1, 5, 'running', now(), 'here:1')");
      assertEquals(0, rig.sweep().rescued());
      rig.sql(mend).count();
      assertNull(rig.source().problem());
      assertEquals(1, rig.sweep().rescued());
    }
  }

  @Test
  void anIdThatMayBeNullIsSaid() {
    try (Rig rig = new Rig()) {
      rig.sql(TABLE + " , UNIQUE (id))").sql("INSERT INTO jobs VALUES (1, NULL, 'running')");
      deploy(rig);
      String problem = String.valueOf(rig.tick().source().problem());
      String mend = "ALTER TABLE \"public\".\"jobs\" ALTER COLUMN \"id\" SET NOT NULL";
      assertTrue(problem.startsWith("column id of public.jobs may be null"), problem);
      assertTrue(problem.endsWith("; run: " + mend), problem);
      rig.sql("DELETE FROM jobs").sql(mend).count();
      assertNull(rig.source().problem());
    }
  }

  @Test
  void aPartitionedTableNeedsAnIndexOverAllItsPartitions() {
    try (Rig rig = new Rig()) {
      rig.sql(TABLE + ", PRIMARY KEY (tenant, id)) PARTITION BY LIST (tenant)")
          .sql("CREATE TABLE one PARTITION OF jobs FOR VALUES IN (1)")
          .sql("CREATE TABLE two PARTITION OF jobs FOR VALUES IN (2)")
          .sql("CREATE UNIQUE INDEX ON one (id)")
          .sql("CREATE UNIQUE INDEX ON two (id)");
      deploy(rig);
      String problem = String.valueOf(rig.tick().source().problem());
      assertTrue(problem.contains("make each partition a source of its own"), problem);
    }
    try (Rig rig = new Rig()) {
      rig.sql(TABLE + ", PRIMARY KEY (id)) PARTITION BY RANGE (id)")
          .sql("CREATE TABLE one PARTITION OF jobs FOR VALUES FROM (0) TO (9)")
          .sql("CREATE TABLE two PARTITION OF jobs DEFAULT")
          .sql(
              "INSERT INTO jobs SELECT 1, i, 'running', NULL, 'here:1' FROM generate_series(1, 20) i");
      deploy(rig);
      assertEquals(20, rig.sweep().rescued());
    }
  }

  @Test
  void tablesThatInheritShareIds() {
    try (Rig rig = new Rig()) {
      rig.sql(TABLE + ", PRIMARY KEY (id))").sql("CREATE TABLE more () INHERITS (jobs)");
      deploy(rig);
      String problem = String.valueOf(rig.tick().source().problem());
      assertTrue(problem.startsWith("other tables inherit from public.jobs"), problem);
    }
  }

  /** Between two looks into the catalog somebody drops the index, and writes what it forbade. */
  @Test
  void othersWithTheSameIdStayAsTheyAre() {
    try (Rig rig = new Rig()) {
      rig.sql(TABLE + ", CONSTRAINT one UNIQUE (id))")
          .sql("ALTER TABLE jobs ALTER id SET NOT NULL");
      deploy(rig).tick();
      rig.sql("ALTER TABLE jobs DROP CONSTRAINT one").sql(ROWS);
      assertEquals(1, rig.sweep().rescued());
      assertEquals("done ready running failed", rig.value(STATES));
    }
  }

  /** The same while a sweep is under way. */
  @Test
  void aRowThatComesWithTheSameIdMeanwhileStaysAsItIs() {
    try (Rig rig = new Rig()) {
      rig.sql(TABLE + ", CONSTRAINT one UNIQUE (id))")
          .sql("ALTER TABLE jobs ALTER id SET NOT NULL")
          .sql("INSERT INTO jobs VALUES (2, 5, 'running', now(), 'here:1')");
      deploy(rig).tick();
      rig.judge =
          question -> {
            rig.sql("ALTER TABLE jobs DROP CONSTRAINT IF EXISTS one")
                .sql("INSERT INTO jobs VALUES (1, 5, 'done', now(), 'here:1')")
                .sql("INSERT INTO jobs VALUES (3, 5, 'running', now(), 'here:1')");
            return Future.succeededFuture(
                new Verdicts(question.holders().stream().map(Rig::verdict).toList()));
          };
      assertEquals(1, rig.sweep().rescued());
      assertEquals("done ready running", rig.value(STATES));
    }
  }
}
