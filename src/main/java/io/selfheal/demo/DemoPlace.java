package io.selfheal.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The demo's directory, held by one demo at a time, and its port. */
final class DemoPlace {
  private DemoPlace() {}

  /** Takes both, or says why not; nothing has begun then. */
  static void take(Path directory, int port, Cleanup cleanup) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    FileChannel file =
        FileChannel.open(
            directory.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    cleanup.add(file::close);
    FileLock lock = file.tryLock();
    if (lock == null) {
      throw new IOException(
          "a demo runs already in " + directory + ": end it with Ctrl-C in its terminal first");
    }
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      probe.setReuseAddress(true);
    } catch (IOException taken) {
      throw new IOException(
          "port %d of 127.0.0.1 cannot be used (%s): name another with --port"
              .formatted(port, taken.getMessage()),
          taken);
    }
  }
}
