package io.selfheal.bench;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tmpfs that is mounted for the measurement, to be filled up. */
final class SmallDisk implements AutoCloseable {
  /** Fuller than this is the fault. */
  static final int LOW_PERCENT = 90;

  /** Emptier than this it is over. */
  static final int WELL_PERCENT = 85;

  private static final int MEBIBYTES = 4;
  private static final int FILL_PERCENT = 97;
  private static final byte[] BLOCK = new byte[64 * 1024];

  private final Path mount;
  private final FileStore store;
  private int files;

  private SmallDisk(Path mount) throws IOException {
    this.mount = mount;
    this.store = Files.getFileStore(mount);
  }

  /**
   * Mounts one.
   *
   * @throws IOException when this user may not
   */
  static SmallDisk mount(Path mount) throws IOException, InterruptedException {
    Files.createDirectories(mount);
    Command.run(
        "mount", "-t", "tmpfs", "-o", "size=" + MEBIBYTES + "m", "selfheal-bench", mount + "");
    return new SmallDisk(mount);
  }

  /** Adds files until it is too full. */
  void fill() throws IOException {
    while (usedPercent() < FILL_PERCENT) {
      Files.write(mount.resolve("cache-" + files++ + ".bin"), BLOCK);
    }
  }

  boolean well() throws IOException {
    return usedPercent() < WELL_PERCENT;
  }

  private double usedPercent() throws IOException {
    return 100 - 100.0 * store.getUsableSpace() / store.getTotalSpace();
  }

  @Override
  public void close() throws IOException {
    try {
      Command.run("umount", mount.toString());
      Files.delete(mount);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + mount + " was unmounted", interrupted);
    }
  }
}
