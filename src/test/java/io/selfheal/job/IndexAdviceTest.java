package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.job.Catalog.Partition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;

class IndexAdviceTest {
  private static final TableName JOBS = new TableName("app", "job");
  private static final String ROWS = "(id) WHERE state = 'active'";

  private static String advice(String kind, Partition... partitions) {
    Catalog catalog =
        new Catalog(
            kind,
            new Catalog.Place("shop", List.of()),
            "agent",
            true,
            Map.of(),
            List.of(),
            List.of(),
            List.of(partitions),
            Set.of(),
            false,
            List.of(),
            Map.of());
    return IndexAdvice.of(JOBS, catalog, ROWS);
  }

  private static Partition partition(String schema, String name, boolean plain) {
    return new Partition(new TableName(schema, name), plain);
  }

  @Test
  void aPlainTableIsIndexedConcurrently() {
    assertEquals("CREATE INDEX CONCURRENTLY ON \"app\".\"job\" " + ROWS, advice("r"));
  }

  @Test
  void aPartitionedTableIsIndexedPartitionByPartition() {
    assertEquals(
        """
        CREATE INDEX IF NOT EXISTS "job_running" ON ONLY "app"."job" (id) WHERE state = 'active';
        CREATE INDEX CONCURRENTLY IF NOT EXISTS "a_running" ON "app"."a" (id) WHERE state = 'active';
        ALTER INDEX "app"."job_running" ATTACH PARTITION "app"."a_running";
        CREATE INDEX CONCURRENTLY IF NOT EXISTS "b""_running" ON "more"."b\""" (id) WHERE state = 'active';
        ALTER INDEX "app"."job_running" ATTACH PARTITION "more"."b""_running";""",
        advice("p", partition("app", "a", true), partition("more", "b\"", true)));
    assertEquals(
        "CREATE INDEX IF NOT EXISTS \"job_running\" ON ONLY \"app\".\"job\" " + ROWS + ";",
        advice("p"));
  }

  @Test
  void aTableWithPartitionsBelowItsPartitionsIsLockedAndThatIsSaid() {
    assertEquals(
        "CREATE INDEX ON \"app\".\"job\" "
            + ROWS
            + " -- locks: until it is built, jobs can be neither sent nor taken",
        advice("p", partition("app", "a", true), partition("app", "b", false)));
  }

  @Test
  void longNamesStayDifferent() {
    String hash = "j" + "0123456789abcdef".repeat(4).substring(0, 56);
    TableName first = IndexAdvice.index(new TableName("app", hash + "1"));
    assertEquals(first, IndexAdvice.index(new TableName("app", hash + "1")));
    assertNotEquals(first, IndexAdvice.index(new TableName("app", hash + "2")));
    assertTrue(first.name().startsWith("j0123456789abcdef"), first.name());
  }

  @Property
  void everyNameIsOneThatPostgresCouldHave(@ForAll @NotBlank String text) {
    String name = text;
    while (name.getBytes(StandardCharsets.UTF_8).length > 63) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    if (Sql.isName(name)) {
      String index = IndexAdvice.index(new TableName("app", name)).name();
      assertTrue(Sql.isName(index), index);
      assertTrue(index.endsWith("_running"), index);
    }
  }
}
