package io.selfheal.remedy;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How full a file system is.
 *
 * @param totalBytes its size
 * @param usableBytes what the agent's user may still write
 */
record Room(long totalBytes, long usableBytes) {
  static Room of(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    return new Room(store.getTotalSpace(), store.getUsableSpace());
  }

  /** The share that cannot be written any more, from 0 to 1. */
  double used() {
    return totalBytes <= 0 ? 0 : 1 - (double) usableBytes / totalBytes;
  }

  /** How many bytes must go until so much is used at most. */
  long over(double share) {
    return Math.max(0, totalBytes - usableBytes - (long) Math.floor(totalBytes * share));
  }
}
