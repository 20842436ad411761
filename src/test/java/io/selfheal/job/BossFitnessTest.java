package io.selfheal.job;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.Secret;
import io.selfheal.library.NodeLibrary;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tables of pg-boss must be like, and what would make the look cheaper. */
class BossFitnessTest {
  private static final String VALID =
      "SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'pgboss.job_running'::regclass";

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
      rig.lines(requireNonNull(rig.source().advice())).count();
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

  @Test
  void theAdvisedIndexIsBuiltWithoutALockAndServesTheLook() {
    try (Rig rig = rig()) {
      rig.sql(
          """
          INSERT INTO pgboss.job (id, name, state, completed_on)
          SELECT gen_random_uuid(), name, 'completed', now()
          FROM generate_series(1, 3000), unnest(ARRAY['mail', 'own']) AS name""");
      rig.count();
      List<String> advice = requireNonNull(rig.source().advice()).lines().toList();
      assertEquals(5, advice.size(), advice.toString());
      assertEquals(
          "CREATE INDEX IF NOT EXISTS \"job_running\" ON ONLY \"pgboss\".\"job\" (name, id)"
              + " WHERE state = 'active';",
          advice.getFirst());
      for (String statement : advice.subList(0, 4)) {
        rig.sql(statement);
      }
      assertEquals("false", rig.value(VALID));
      rig.count();
      assertEquals(String.join("\n", advice), rig.source().advice(), "it can be taken up again");
      rig.lines(String.join("\n", advice));
      assertEquals("true", rig.value(VALID));
      rig.count();
      assertNull(rig.source().advice());
      rig.sql("ANALYZE pgboss.job");
      String plan = String.join("\n", rig.column("EXPLAIN " + look(rig)));
      assertEquals(2, plan.split("using \\w+_running", -1).length - 1, plan);
    }
  }

  /** The look, as it is made of what the catalog says. */
  private static String look(Rig rig) {
    BossPreset.Tables tables = new BossPreset.Tables("pgboss", List.of());
    Catalog catalog =
        Rig.await(
            PgConnection.connect(rig.vertx, rig.url.toConnectOptions())
                .compose(
                    connection ->
                        new PgCatalog(connection)
                            .read(tables.table(), tables.others())
                            .eventually(connection::close)));
    Probed.Fit fit = (Probed.Fit) tables.probe(catalog, new Layout.Reach.All());
    return fit.statements().first().replace("$1::int", "100");
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
      assertEquals(2, rig.sweepWhole());
      assertEquals("1", owner.value("SELECT count(*) FROM pgboss.job WHERE name = 'dead'"));
    } finally {
      TestPostgres.execute(owner.url, "DROP OWNED BY " + role);
      TestPostgres.execute(owner.url, "DROP ROLE " + role);
    }
  }
}
