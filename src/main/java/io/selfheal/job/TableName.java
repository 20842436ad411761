package io.selfheal.job;

import java.util.Optional;

/** A table with its schema; both exactly as PostgreSQL has them. */
record TableName(String schema, String name) {
  /** {@code schema.name}, or {@code name} in {@code public}; empty when it is neither. */
  static Optional<TableName> parse(String text) {
    String[] parts = text.split("\\.", -1);
    TableName table =
        switch (parts.length) {
          case 1 -> new TableName("public", parts[0]);
          case 2 -> new TableName(parts[0], parts[1]);
          default -> new TableName("", "");
        };
    return Optional.of(table).filter(it -> Sql.isName(it.schema) && Sql.isName(it.name));
  }

  /** For a statement. */
  String sql() {
    return Sql.name(schema) + "." + Sql.name(name);
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
