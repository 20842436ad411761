package io.selfheal.journal;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Opens the file, and moves it aside when it cannot be read.
 *
 * <p>MVStore's own background thread stays off. With it, {@code commit()} can return while the
 * thread still writes the same changes, and a {@code sync()} after it would promise too much. It
 * also keeps the defaults that guard chunks against early reuse; only the retention is shorter than
 * the default of 45 s, because everything here is synced at least once a second.
 */
final class SpoolFile {
  private static final int CACHE_MEBIBYTES = 2;
  private static final int RETENTION_MS = 5_000;
  private static final Set<Integer> UNREADABLE =
      Set.of(
          DataUtils.ERROR_FILE_CORRUPT,
          DataUtils.ERROR_UNSUPPORTED_FORMAT,
          DataUtils.ERROR_INTERNAL,
          DataUtils.ERROR_SERIALIZATION,
          DataUtils.ERROR_CHUNK_NOT_FOUND,
          DataUtils.ERROR_BLOCK_NOT_FOUND);

  private SpoolFile() {}

  /**
   * An open file.
   *
   * @param movedTo where the unreadable file is that was there before; null when there was none
   */
  record Opened<T>(T content, @Nullable Path movedTo, @Nullable String why) {}

  /**
   * Opens the file, with everything in it read once; an unreadable one is moved aside.
   *
   * @throws SpoolUnavailable when another process has it, or the disk fails
   */
  static <T> Opened<T> openOrReplace(Path file, Instant now, Function<MVStore, T> content) {
    try {
      return new Opened<>(open(file, content), null, null);
    } catch (RuntimeException failure) {
      if (!unreadable(failure)) {
        throw new SpoolUnavailable(file, failure);
      }
      try {
        String name = file.getFileName() + ".corrupt-" + now.toEpochMilli();
        Path aside = Files.move(file, file.resolveSibling(name), StandardCopyOption.ATOMIC_MOVE);
        return new Opened<>(open(file, content), aside, failure.getMessage());
      } catch (IOException | RuntimeException again) {
        failure.addSuppressed(again);
        throw new SpoolUnavailable(file, failure);
      }
    }
  }

  /** Opens the file as it is. */
  static <T> T open(Path file, Function<MVStore, T> content) {
    makeDirectory(file);
    MVStore store =
        new MVStore.Builder()
            .fileName(file.toString())
            .autoCommitDisabled()
            .cacheSize(CACHE_MEBIBYTES)
            .open();
    try {
      store.setRetentionTime(RETENTION_MS);
      return content.apply(store);
    } catch (RuntimeException failure) {
      store.closeImmediately();
      throw failure;
    }
  }

  private static void makeDirectory(Path file) {
    Path directory = file.getParent();
    if (directory == null || directory.toString().contains(":")) {
      return;
    }
    try {
      Files.createDirectories(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Whether what is in the file is at fault, rather than the disk or another process. */
  private static boolean unreadable(RuntimeException failure) {
    if (failure instanceof MVStoreException store) {
      return UNREADABLE.contains(store.getErrorCode()) || store.getCause() instanceof EOFException;
    }
    return !(failure instanceof UncheckedIOException);
  }
}
