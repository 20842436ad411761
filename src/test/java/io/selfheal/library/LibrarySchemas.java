package io.selfheal.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.quartz.Scheduler;

/** Tables of job libraries. */
public final class LibrarySchemas {
  private LibrarySchemas() {}

  /** The statements that make them, written anew from their published columns. */
  public static String of(String library) {
    return read(LibrarySchemas.class, library + ".sql");
  }

  /** Those of Quartz, out of its jar. */
  public static String quartz() {
    return read(Scheduler.class, "/org/quartz/impl/jdbcjobstore/tables_postgres.sql")
        .replace("COMMIT;", "");
  }

  private static String read(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
