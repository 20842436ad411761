package io.selfheal.job;

import io.selfheal.job.Catalog.Column;
import io.selfheal.job.Catalog.Index;
import io.selfheal.job.Catalog.Partition;
import io.selfheal.job.Catalog.Privilege;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads {@link Catalog}; every role may read {@code pg_catalog}. */
final class PgCatalog {
  private static final String TABLE =
      """
      SELECT current_user::text AS role,
             coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS usable,
             c.oid::bigint AS oid, c.relkind::text AS kind,
             coalesce(row_security_active(c.oid), false) AS row_security,
             coalesce(has_table_privilege(c.oid, 'SELECT'), false) AS may_select,
             coalesce(has_table_privilege(c.oid, 'INSERT'), false) AS may_insert,
             coalesce(has_table_privilege(c.oid, 'UPDATE'), false) AS may_update,
             coalesce(has_table_privilege(c.oid, 'DELETE'), false) AS may_delete
      FROM (SELECT $1::text AS schema_name, $2::text AS table_name) AS wanted
      LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = wanted.schema_name
      LEFT JOIN pg_catalog.pg_class AS c
        ON c.relnamespace = n.oid AND c.relname = wanted.table_name""";

  private static final String COLUMNS =
      """
      SELECT a.attname::text AS name,
             format_type(a.atttypid, a.atttypmod) AS type,
             format_type(coalesce(nullif(y.typbasetype, 0), y.oid), a.atttypmod) AS base,
             y.typcategory::text AS category,
             a.attnotnull OR y.typnotnull AS not_null,
             has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS readable,
             has_column_privilege(a.attrelid, a.attnum, 'UPDATE') AS writable
      FROM pg_catalog.pg_attribute AS a
      JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
      WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum""";

  private static final String INDEXES =
      """
      SELECT a.attname::text AS leading, pg_get_expr(i.indpred, i.indrelid) AS predicate
      FROM pg_catalog.pg_index AS i
      LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attnum > 0
      WHERE i.indrelid = $1::bigint::oid AND i.indisvalid AND i.indisready""";

  private static final String PARTITIONS =
      """
      SELECT n.nspname::text AS schema_name, c.relname::text AS table_name,
             c.relkind = 'r' AS plain
      FROM pg_catalog.pg_inherits AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid AND c.relispartition
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE i.inhparent = $1::bigint::oid
      ORDER BY 1, 2""";

  private static final String CLOSED_SEQUENCES =
      """
      SELECT DISTINCT n.nspname::text AS schema_name, s.relname::text AS sequence_name
      FROM pg_catalog.pg_attrdef AS f
      JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_attrdef'::regclass
        AND d.objid = f.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
      JOIN pg_catalog.pg_class AS s ON s.oid = d.refobjid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = s.relnamespace
      WHERE f.adrelid = $1::bigint::oid
        AND CASE WHEN s.relkind = 'S' THEN NOT has_sequence_privilege(s.oid, 'USAGE, UPDATE') END
      ORDER BY 1, 2""";

  private final SqlConnection connection;

  PgCatalog(SqlConnection connection) {
    this.connection = connection;
  }

  /** One table, and the others that it needs. */
  Future<Catalog> read(TableName table, List<TableName> others) {
    Map<TableName, Catalog> found = new LinkedHashMap<>();
    Future<Catalog> end = read(table);
    for (TableName other : others) {
      end =
          end.compose(
              first ->
                  read(other)
                      .map(
                          catalog -> {
                            found.put(other, catalog);
                            return first;
                          }));
    }
    return end.map(first -> first.with(found));
  }

  private Future<Catalog> read(TableName table) {
    return connection
        .preparedQuery(TABLE)
        .execute(Tuple.of(table.schema(), table.name()))
        .map(rows -> rows.iterator().next())
        .compose(this::read);
  }

  private Future<Catalog> read(Row found) {
    String role = found.getString("role");
    boolean usable = found.getBoolean("usable");
    Long oid = found.getLong("oid");
    if (oid == null) {
      return Future.succeededFuture(Catalog.missing(role, usable));
    }
    Tuple table = Tuple.of(oid);
    Future<Map<String, Column>> columns = ask(COLUMNS, table).map(PgCatalog::columns);
    Future<List<Index>> indexes =
        columns.compose(read -> ask(INDEXES, table)).map(PgCatalog::indexes);
    Future<List<Partition>> partitions =
        indexes.compose(read -> ask(PARTITIONS, table)).map(PgCatalog::partitions);
    Future<List<TableName>> closed =
        partitions.compose(read -> ask(CLOSED_SEQUENCES, table)).map(PgCatalog::sequences);
    return closed.map(
        last ->
            new Catalog(
                found.getString("kind"),
                role,
                usable,
                columns.result(),
                indexes.result(),
                partitions.result(),
                privileges(found),
                found.getBoolean("row_security"),
                last,
                Map.of()));
  }

  private Future<RowSet<Row>> ask(String sql, Tuple table) {
    return connection.preparedQuery(sql).execute(table);
  }

  private static Map<String, Column> columns(RowSet<Row> rows) {
    Map<String, Column> columns = new LinkedHashMap<>();
    for (Row row : rows) {
      columns.put(
          row.getString("name"),
          new Column(
              row.getString("type"),
              row.getString("base"),
              row.getString("category"),
              row.getBoolean("not_null"),
              row.getBoolean("readable"),
              row.getBoolean("writable")));
    }
    return columns;
  }

  private static Set<Privilege> privileges(Row found) {
    Set<Privilege> held = EnumSet.noneOf(Privilege.class);
    for (Privilege privilege : Privilege.values()) {
      if (found.getBoolean("may_" + privilege.name().toLowerCase(Locale.ROOT))) {
        held.add(privilege);
      }
    }
    return held;
  }

  private static List<Partition> partitions(RowSet<Row> rows) {
    List<Partition> partitions = new ArrayList<>();
    for (Row row : rows) {
      TableName table = new TableName(row.getString("schema_name"), row.getString("table_name"));
      partitions.add(new Partition(table, row.getBoolean("plain")));
    }
    return partitions;
  }

  private static List<TableName> sequences(RowSet<Row> rows) {
    List<TableName> sequences = new ArrayList<>();
    for (Row row : rows) {
      sequences.add(new TableName(row.getString("schema_name"), row.getString("sequence_name")));
    }
    return sequences;
  }

  private static List<Index> indexes(RowSet<Row> rows) {
    List<Index> indexes = new ArrayList<>();
    for (Row row : rows) {
      indexes.add(new Index(row.getString("leading"), row.getString("predicate")));
    }
    return indexes;
  }
}
