package io.selfheal.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads what {@code /proc} says of the sockets of one process and of its network. Blocks. */
final class NetFiles {
  private static final String SOCKET = "socket:[";
  private static final int UNIX_INODE_FIELD = 6;
  private static final int UNIX_PATH_FIELD = 7;

  private NetFiles() {}

  /**
   * Those TCP sockets of the network namespace of a process that are wanted, of both versions of
   * IP.
   *
   * @throws IOException when the process is gone, or the agent may not look
   */
  static List<SocketLine> tcp(long pid, Predicate<SocketLine> wanted) throws IOException {
    List<SocketLine> found = new ArrayList<>();
    add(found, net(pid, "tcp"), wanted);
    Path six = net(pid, "tcp6");
    if (Files.exists(six)) {
      add(found, six, wanted);
    }
    return found;
  }

  private static void add(List<SocketLine> found, Path file, Predicate<SocketLine> wanted)
      throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        SocketLine.parse(line).filter(wanted).ifPresent(found::add);
      }
    }
  }

  /**
   * The inodes of the Unix sockets of the network namespace of a process that have a name: those
   * that listen, and those that were accepted there.
   *
   * @throws IOException when the process is gone, or the agent may not look
   */
  static Set<Long> namedUnixSockets(long pid) throws IOException {
    Set<Long> found = new HashSet<>();
    Path file = net(pid, "unix");
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length > UNIX_PATH_FIELD && fields[UNIX_INODE_FIELD].matches("\\d{1,18}")) {
          found.add(Long.valueOf(fields[UNIX_INODE_FIELD]));
        }
      }
    }
    return found;
  }

  /**
   * The inodes of the sockets that a process holds.
   *
   * @throws IOException when the process is gone, or the agent may not look
   */
  static Set<Long> sockets(long pid) throws IOException {
    Set<Long> found = new HashSet<>();
    Path directory = Path.of("/proc", Long.toString(pid), "fd");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory)) {
      for (Path descriptor : descriptors) {
        inode(descriptor).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<Long> inode(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith(SOCKET)
          ? Optional.of(Long.valueOf(target.substring(SOCKET.length(), target.length() - 1)))
          : Optional.empty();
    } catch (IOException closedMeanwhile) {
      return Optional.empty();
    }
  }

  /**
   * The network namespace of a process.
   *
   * @throws IOException when the process is gone, or the agent may not look
   */
  static String namespace(long pid) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns", "net")).toString();
  }

  private static Path net(long pid, String file) {
    return Path.of("/proc", Long.toString(pid), "net", file);
  }
}
