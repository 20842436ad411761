package io.selfheal.journal;

import java.nio.file.Path;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/** The spool cannot be used now: the disk is full, read-only or broken, or another has the file. */
final class SpoolUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SpoolUnavailable(Path file, Throwable cause) {
    super("cannot use the journal's spool " + file + ": " + explain(cause), cause);
  }

  /** Whether another process has the file: waiting does not help. */
  boolean locked() {
    return getCause() instanceof MVStoreException store
        && store.getErrorCode() == DataUtils.ERROR_FILE_LOCKED;
  }

  private static String explain(Throwable failure) {
    if (failure instanceof MVStoreException store
        && store.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
      return "another agent has it open; give each agent a data directory of its own";
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
