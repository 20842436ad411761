package io.selfheal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lets one at a time prepare, start and stop the server of a directory: among agents, and among
 * threads of one agent. The kernel frees it when its holder dies.
 */
final class HomeLock implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int ATTEMPTS = 2400;

  private final FileChannel channel;

  private HomeLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits for at most two minutes: as long as a slow host needs for the first start. */
  static HomeLock take(Path home) throws IOException, InterruptedException {
    Path file = home.resolve("lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      for (int i = 0; i < ATTEMPTS; i++) {
        if (tryLock(channel) != null) {
          return new HomeLock(channel);
        }
        Thread.sleep(PAUSE);
      }
    } catch (IOException | InterruptedException failure) {
      channel.close();
      throw failure;
    }
    channel.close();
    throw new StoreUnavailable(
        "use the embedded PostgreSQL",
        home,
        "another agent has held " + file + " for two minutes",
        "see what it does, or give each agent its own agent.data_dir");
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByAnotherThread) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
