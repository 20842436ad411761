package io.selfheal.job;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a rescue makes of a row, as far as it is the same for all rows. Pure.
 *
 * @param key where it is configured
 * @param values by column; empty for null
 */
record Change(String key, Map<String, Optional<String>> values) {
  /** Copies the map. */
  Change {
    values = Map.copyOf(values);
  }

  /** The row, for a statement. */
  String row(Catalog catalog) {
    return values.keySet().stream()
        .sorted()
        .map(name -> value(name, catalog) + " AS " + Sql.name(name))
        .collect(Collectors.joining(", "));
  }

  /** One value, for a statement; of the type that a domain is made of, so that none refuses it. */
  String value(String name, Catalog catalog) {
    return literal(name) + "::" + catalog.column(name).base();
  }

  private String literal(String name) {
    return values.getOrDefault(name, Optional.empty()).map(Sql::text).orElse("NULL");
  }

  /** For an operator: {@code holder = NULL, state = 'ready'}. */
  String words() {
    return values.keySet().stream()
        .sorted()
        .map(name -> name + " = " + literal(name))
        .collect(Collectors.joining(", "));
  }
}
