package io.selfheal.job;

import io.selfheal.config.Section;

/** The key {@code schema} of presets whose tables have fixed names. */
final class Schemas {
  private Schemas() {}

  static String read(Section source, String usual) {
    String schema = source.text("schema", usual);
    if (Sql.isName(schema)) {
      return schema;
    }
    source.reject(
        "schema", "\"" + schema + "\" is not a schema", "write its name of 1 to 63 bytes");
    return usual;
  }
}
