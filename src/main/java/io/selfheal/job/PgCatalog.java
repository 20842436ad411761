package io.selfheal.job;

import io.selfheal.job.Catalog.Check;
import io.selfheal.job.Catalog.Column;
import io.selfheal.job.Catalog.Index;
import io.selfheal.job.Catalog.Partition;
import io.selfheal.job.Catalog.Place;
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
import java.util.stream.Stream;

/** Reads {@link Catalog}; every role may read {@code pg_catalog}. */
final class PgCatalog {
  /** Between the names of columns. */
  private static final String BETWEEN = "\u0001";

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
        .preparedQuery(CatalogSql.TABLE)
        .execute(Tuple.of(table.schema(), table.name()))
        .map(rows -> rows.iterator().next())
        .compose(found -> read(table, found));
  }

  private Future<Catalog> read(TableName wanted, Row found) {
    Place place = place(wanted, found);
    String role = found.getString("role");
    boolean usable = found.getBoolean("usable");
    Long oid = found.getLong("oid");
    if (oid == null) {
      return Future.succeededFuture(Catalog.missing(place, role, usable));
    }
    Tuple table = Tuple.of(oid);
    Future<Map<String, Column>> columns = ask(CatalogSql.COLUMNS, table).map(PgCatalog::columns);
    Future<List<Index>> indexes =
        columns.compose(read -> ask(CatalogSql.INDEXES, table)).map(PgCatalog::indexes);
    Future<List<Partition>> partitions =
        indexes.compose(read -> ask(CatalogSql.PARTITIONS, table)).map(PgCatalog::partitions);
    Future<List<TableName>> closed =
        partitions
            .compose(read -> ask(CatalogSql.CLOSED_SEQUENCES, table))
            .map(PgCatalog::sequences);
    return closed.map(
        last ->
            new Catalog(
                found.getString("kind"),
                place,
                role,
                usable,
                columns.result(),
                checks(found),
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
              List.of(row.getArrayOfStrings("labels")),
              row.getBoolean("not_null"),
              row.getBoolean("generated"),
              row.getBoolean("readable"),
              row.getBoolean("writable")));
    }
    return columns;
  }

  private static Place place(TableName wanted, Row found) {
    String[] schemas = found.getArrayOfStrings("elsewhere");
    List<TableName> namesakes =
        Stream.of(schemas == null ? new String[0] : schemas)
            .map(schema -> new TableName(schema, wanted.name()))
            .toList();
    return new Place(found.getString("database"), namesakes);
  }

  private static List<Check> checks(Row found) {
    String[] names = found.getArrayOfStrings("checks");
    if (names == null) {
      return List.of();
    }
    String[] expressions = found.getArrayOfStrings("expressions");
    String[] columns = found.getArrayOfStrings("checked");
    Boolean[] domains = found.getArrayOfBooleans("domains");
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      String about = columns[i] == null ? "" : columns[i];
      checks.add(new Check(names[i], expressions[i], Set.of(about.split(BETWEEN)), domains[i]));
    }
    return checks;
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
