package io.selfheal.api;

import io.selfheal.api.ApiConfig.At;
import io.selfheal.api.ApiConfig.Auto;
import io.selfheal.api.ApiConfig.Off;
import io.selfheal.api.ApiConfig.SocketPlace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of the Unix domain socket: where it is, whether its place is free, who may connect. */
final class SocketFile {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);
  private static final String NAME = "selfheal.sock";

  private final Path runtimeDir;

  /**
   * @param runtimeDir where services have theirs: {@code /run/selfheal}
   */
  SocketFile(Path runtimeDir) {
    this.runtimeDir = runtimeDir;
  }

  /** A free place. Blocks. */
  Optional<Path> choose(SocketPlace place, Path dataDir) throws IOException {
    return switch (place) {
      case Off() -> Optional.empty();
      case At(Path path) -> {
        free(path);
        yield Optional.of(path);
      }
      case Auto() -> automatic(dataDir);
    };
  }

  private Optional<Path> automatic(Path dataDir) throws IOException {
    Path shared = runtimeDir.resolve(NAME);
    if (isOurs(dataDir) && !answers(shared)) {
      free(shared);
      return Optional.of(shared);
    }
    Path own = dataDir.toAbsolutePath().resolve(NAME);
    int length = own.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > ApiConfig.LONGEST_SOCKET_PATH) {
      LOG.warn(
          "No Unix socket: {} has {} bytes and Linux takes {}. Set agent.socket to a shorter path,"
              + " or to off to be rid of this warning",
          own,
          length,
          ApiConfig.LONGEST_SOCKET_PATH);
      return Optional.empty();
    }
    free(own);
    return Optional.of(own);
  }

  /** A test run by root beside the installed service must not take the service's place. */
  private boolean isOurs(Path dataDir) throws IOException {
    return Files.isDirectory(runtimeDir)
        && Files.isWritable(runtimeDir)
        && Files.getOwner(runtimeDir).equals(Files.getOwner(dataDir));
  }

  /** Removes what a killed agent left behind; refuses when anything else is there. */
  private static void free(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket(path)) {
      throw new IOException(
          path
              + " is there and is not a socket; move it away, or set agent.socket to another path");
    }
    if (answers(path)) {
      throw new IOException(
          "another agent answers on " + path + "; stop it, or set agent.socket to another path");
    }
    Files.delete(path);
    LOG.info("Removed {}, which a former agent left behind", path);
  }

  private static boolean isSocket(Path path) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & 0170000) == 0140000;
  }

  private static boolean answers(Path path) throws IOException {
    if (!Files.exists(path)) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return channel.isConnected();
    } catch (ConnectException refused) {
      LOG.debug("Nobody answers on {}", path, refused);
      return false;
    }
  }

  /**
   * Lets the owner connect, and in a place that was made for sharing also the group; to connect is
   * to write. Blocks.
   */
  void restrict(Path path, Path dataDir) throws IOException {
    boolean own = path.startsWith(dataDir.toAbsolutePath());
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(own ? "rw-------" : "rw-rw----"));
  }
}
