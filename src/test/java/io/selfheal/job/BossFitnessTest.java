package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.Secret;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tables of pg-boss must be like, and what would make the look cheaper. */
class BossFitnessTest {
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

  private Rig rig() {
    return library.database(BossLibrary.TWO).deployWith(BossLibrary.SOURCE);
  }

  @Test
  void theConfigurationIsChecked() {
    for (String wrong : List.of("queues: ['']", "schema: ''", "holder: {format: '{host}'}")) {
      try (Rig rig = new Rig()) {
        assertThrows(
            IllegalArgumentException.class, () -> rig.deployWith("preset: pg-boss", wrong), wrong);
      }
    }
  }

  @Test
  void countsAndAdvisesAnIndexThatLaterQueuesHaveToo() {
    try (Rig rig = rig()) {
      library.call(rig, "[[\"send\", \"mail\"]]");
      rig.count();
      assertEquals(2, rig.source().counts().get("active"));
      assertEquals(1, rig.source().counts().get("created"));
      assertEquals("1 since a time", rig.ready());
      String advice = Objects.requireNonNull(rig.source().advice());
      assertEquals("CREATE INDEX ON \"pgboss\".\"job\" (name, id) WHERE state = 'active'", advice);
      rig.sql(advice).count();
      assertNull(rig.source().advice());
      library.call(rig, "[[\"createQueue\", \"later\", {\"partition\": true}]]");
      rig.count();
      assertNull(rig.source().advice());
      assertEquals(
          "3",
          rig.value(
              "SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '% (name, id) WHERE (state = ''active''%' AND tablename <> 'job'"));
    }
  }

  /** The way without a lock, as the preset's documentation has it. */
  @Test
  void theIndexCanBeBuiltPartitionByPartition() {
    try (Rig rig = rig()) {
      rig.sql("CREATE INDEX running ON ONLY pgboss.job (name, id) WHERE state = 'active'");
      List<String> partitions =
          rig.column(
              "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'pgboss.job'::regclass");
      assertEquals(2, partitions.size());
      for (int i = 0; i < partitions.size(); i++) {
        rig.count();
        assertTrue(rig.source().advice() != null);
        rig.sql(
            "CREATE INDEX CONCURRENTLY running%d ON %s (name, id) WHERE state = 'active'"
                .formatted(i, partitions.get(i)));
        rig.sql("ALTER INDEX pgboss.running ATTACH PARTITION pgboss.running" + i);
      }
      rig.count();
      assertNull(rig.source().advice());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ALTER TABLE pgboss.job RENAME retry_delay_max TO longest, pgboss.job has no column retry_delay_max",
    "ALTER TABLE pgboss.queue RENAME retention_seconds TO kept, pgboss.queue has no column retention_seconds",
    "ALTER TABLE pgboss.queue RENAME TO queues, the table pgboss.queue does not exist",
    "ALTER SCHEMA pgboss RENAME TO boss, the table pgboss.job does not exist"
  })
  void anotherVersionsTableSaysWhatDiffers(String change, String said) {
    try (Rig rig = rig()) {
      rig.sql(change);
      rig.count();
      String problem = String.valueOf(rig.tick().source().problem());
      assertTrue(problem.contains(said), problem);
    }
  }

  @Test
  void missingPrivilegesComeWithTheGrantThatMendsThem() {
    String role = "boss_sweeper_" + ProcessHandle.current().pid();
    Rig owner = library.database(BossLibrary.TWO);
    owner.sql("CREATE ROLE " + role + " LOGIN PASSWORD 'sweep'");
    owner.sql("UPDATE pgboss.job SET retry_limit = 0");
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
        Rig rig = new Rig(url).deployWith(BossLibrary.SOURCE)) {
      rig.judge = owner.judge;
      String problem = String.valueOf(rig.tick().source().problem());
      assertTrue(problem.contains("lacks DELETE on pgboss.job"), problem);
      Arrays.stream(problem.split("; ", -1))
          .filter(part -> part.startsWith("run: "))
          .forEach(part -> owner.sql(part.substring("run: ".length())));
      assertNotEquals(problem, String.valueOf(rig.tick().source().problem()));
      assertEquals(2, BossLibrary.sweep(rig));
      assertEquals("1", owner.value("SELECT count(*) FROM pgboss.job WHERE name = 'dead'"));
    } finally {
      TestPostgres.execute(owner.url, "DROP OWNED BY " + role);
      TestPostgres.execute(owner.url, "DROP ROLE " + role);
    }
  }
}
