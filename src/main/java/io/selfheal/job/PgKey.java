package io.selfheal.job;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether an id of a source is that of one row. Were it that of two, a rescue of the one would be a
 * rescue of the other, and a look would pass over it. Only a unique index of the whole table says
 * so: what the rows are like today says nothing of those to come.
 */
final class PgKey {
  /** Columns behind the key, as INCLUDE has them, keep nothing unique. */
  private static final String KEY =
      """
      SELECT EXISTS (
               SELECT FROM pg_catalog.pg_index AS i
               WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indisready
                 AND i.indpred IS NULL
                 AND NOT EXISTS (
                   SELECT FROM generate_series(0, i.indnkeyatts - 1) AS k (place)
                   LEFT JOIN pg_catalog.pg_attribute AS a
                     ON a.attrelid = c.oid AND a.attnum = i.indkey[k.place] AND a.attnum > 0
                   WHERE a.attname IS NULL OR a.attname <> ALL ($3::text[]))) AS single,
             EXISTS (
               SELECT FROM pg_catalog.pg_inherits AS h
               JOIN pg_catalog.pg_class AS p ON p.oid = h.inhrelid
               WHERE h.inhparent = c.oid AND NOT p.relispartition) AS inherited
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = $1::text AND c.relname = $2::text""";

  private final SqlConnection connection;

  PgKey(SqlConnection connection) {
    this.connection = connection;
  }

  /** The same, unless it is fit but for its key. */
  Future<Probed> checked(Layout layout, Catalog catalog, Probed found) {
    if (found instanceof Probed.Unfit || layout.key().isEmpty()) {
      return Future.succeededFuture(found);
    }
    TableName table = layout.table();
    Tuple arguments =
        Tuple.of(table.schema(), table.name())
            .addArrayOfString(layout.key().toArray(String[]::new));
    return connection
        .preparedQuery(KEY)
        .execute(arguments)
        .map(rows -> rows.iterator().next())
        .map(row -> problem(layout, catalog, row).<Probed>map(Probed.Unfit::new).orElse(found));
  }

  private static Optional<String> problem(Layout layout, Catalog catalog, Row row) {
    TableName table = layout.table();
    List<String> problems = new ArrayList<>();
    if (!row.getBoolean("single")) {
      problems.add(shared(table, layout.key(), "p".equals(catalog.kind())));
    }
    if (row.getBoolean("inherited")) {
      problems.add(
          "other tables inherit from "
              + table
              + ", and no index keeps an id unique over all of them: make them partitions, or"
              + " sources of their own");
    }
    for (String name : layout.key()) {
      Catalog.Column column = catalog.columns().get(name);
      if (column != null && !column.notNull()) {
        problems.add(
            "column %s of %s may be null, and a job without an id cannot be told from others; run: ALTER TABLE %s ALTER COLUMN %s SET NOT NULL"
                .formatted(name, table, table.sql(), Sql.name(name)));
      }
    }
    return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
  }

  private static String shared(TableName table, List<String> key, boolean partitioned) {
    String columns = key.stream().map(Sql::name).collect(Collectors.joining(", "));
    String mend =
        partitioned
            ? "PostgreSQL can have one only where the table is partitioned by that column: else"
                + " make each partition a source of its own"
            : "run: CREATE UNIQUE INDEX CONCURRENTLY ON %s (%s)".formatted(table.sql(), columns);
    return "nothing keeps %s unique in %s: no valid unique index of all its rows is on %s alone, so a rescue could change other jobs with the same value; %s"
        .formatted(String.join(", ", key), table, key.size() == 1 ? "it" : "them", mend);
  }
}
