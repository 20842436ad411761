package io.selfheal.job;

import io.selfheal.job.Catalog.Partition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements that make an index of the running jobs while workers go on. Pure.
 *
 * <p>A partitioned table cannot be indexed concurrently as a whole. So its index is made without
 * the partitions, then one concurrently on each of them, and attached; with the last one the index
 * is valid, and partitions made later have it, too. That is a statement a line, for psql or one by
 * one: none of them may stand in a transaction with others. The first waits for what writes the
 * table now, as do others behind it. After a failure they can be run again, but for an invalid
 * index that a concurrent build left: drop that before.
 */
final class IndexAdvice {
  private static final int LONGEST_NAME_BYTES = 63;
  private static final String ENDING = "_running";
  private static final String LOCKS =
      " -- locks: until it is built, jobs can be neither sent nor taken";

  private IndexAdvice() {}

  /**
   * For one table.
   *
   * @param rows the columns in brackets, and WHERE
   */
  static String of(TableName table, Catalog catalog, String rows) {
    if (!"p".equals(catalog.kind())) {
      return "CREATE INDEX CONCURRENTLY ON " + table.sql() + " " + rows;
    }
    if (!catalog.partitions().stream().allMatch(Partition::plain)) {
      return "CREATE INDEX ON " + table.sql() + " " + rows + LOCKS;
    }
    TableName whole = index(table);
    List<String> lines = new ArrayList<>();
    lines.add(create("", whole, "ONLY " + table.sql(), rows));
    for (Partition partition : catalog.partitions()) {
      TableName part = index(partition.table());
      lines.add(create("CONCURRENTLY ", part, partition.table().sql(), rows));
      lines.add("ALTER INDEX %s ATTACH PARTITION %s;".formatted(whole.sql(), part.sql()));
    }
    return String.join("\n", lines);
  }

  private static String create(String how, TableName index, String table, String rows) {
    return "CREATE INDEX %sIF NOT EXISTS %s ON %s %s;"
        .formatted(how, Sql.name(index.name()), table, rows);
  }

  /** Always the same of one table; PostgreSQL has it in the schema of the table. */
  static TableName index(TableName table) {
    String name = table.name();
    if (bytes(name + ENDING) <= LONGEST_NAME_BYTES) {
      return new TableName(table.schema(), name + ENDING);
    }
    // What is cut off is told by the number: partitions often differ at the end alone.
    String ending = "_%08x".formatted(name.hashCode()) + ENDING;
    int end = name.length();
    while (bytes(name.substring(0, end) + ending) > LONGEST_NAME_BYTES) {
      end = name.offsetByCodePoints(end, -1);
    }
    return new TableName(table.schema(), name.substring(0, end) + ending);
  }

  private static int bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }
}
