package io.selfheal;

import io.selfheal.cli.AgentFailure;
import io.selfheal.cli.Cli;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The agent's directory, held by one agent at a time. The kernel frees it when the agent dies. */
final class DataDir implements AutoCloseable {
  private final FileChannel channel;

  private DataDir(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes the directory if need be, and takes it. */
  static DataDir take(Path directory) throws AgentFailure {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
        // Search for others: PostgreSQL may run as another user below it. Secrets have modes.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
      }
      FileChannel channel =
          FileChannel.open(
              directory.resolve("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new AgentFailure(
            Cli.ERROR,
            "Another agent uses "
                + directory
                + "; stop it, or give this one its own agent.data_dir");
      }
      return new DataDir(channel);
    } catch (IOException failure) {
      throw new AgentFailure(
          Cli.ERROR,
          "The data directory "
              + directory
              + " cannot be used: "
              + failure
              + "; make it writable for this user, or set agent.data_dir");
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
