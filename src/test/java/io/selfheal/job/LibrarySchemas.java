package io.selfheal.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Tables of job libraries, written anew from their published columns. */
final class LibrarySchemas {
  private LibrarySchemas() {}

  /** The statements that make them. */
  static String of(String library) {
    try (InputStream in = LibrarySchemas.class.getResourceAsStream(library + ".sql")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
