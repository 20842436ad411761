package io.selfheal.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The embedded PostgreSQL could not be had: says what was tried, where, why, and what to do. */
public final class StoreUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param operation what was tried, such as "start the embedded PostgreSQL"
   * @param path where
   * @param why what went wrong
   * @param hint what an operator can do
   */
  public StoreUnavailable(String operation, Path path, String why, String hint) {
    this(operation, path, why, hint, null);
  }

  /** The same, with the exception that it stems from. */
  public StoreUnavailable(
      String operation, Path path, String why, String hint, @Nullable Throwable cause) {
    super("Cannot " + operation + " in " + path + ": " + why + "; " + hint, cause);
  }
}
