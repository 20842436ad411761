package io.selfheal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A running server, as its {@code postmaster.pid} tells. The file outlives a crash, and its pid may
 * since have gone to another process; so the process must also have the data directory as its
 * working directory, which every postmaster has.
 *
 * @param pid the process
 * @param port where it listens
 * @param ready whether it takes connections yet; false while it recovers or stops
 */
record Postmaster(long pid, int port, boolean ready) {
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  /** The running server of a data directory, if there is one. */
  static Optional<Postmaster> find(Path data) throws IOException {
    Optional<Postmaster> told = read(data);
    return told.isPresent() && worksIn(told.get().pid(), data) ? told : Optional.empty();
  }

  /** What the file tells, true or stale. */
  static Optional<Postmaster> read(Path data) throws IOException {
    try {
      return parse(Files.readAllLines(file(data)));
    } catch (NoSuchFileException stopped) {
      return Optional.empty();
    }
  }

  static Path file(Path data) {
    return data.resolve("postmaster.pid");
  }

  /** The port and the status come some time after the pid. */
  static Optional<Postmaster> parse(List<String> lines) {
    try {
      long pid = Math.abs(Long.parseLong(lines.get(PID_LINE).strip()));
      int port = lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0;
      boolean ready = lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
      return Optional.of(new Postmaster(pid, port, ready));
    } catch (NumberFormatException | IndexOutOfBoundsException unfinished) {
      return Optional.empty();
    }
  }

  /** Every process that works in the directory; after a crash, those that outlived the server. */
  static List<Long> processes(Path data) throws IOException {
    List<Long> found = new ArrayList<>();
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      if (worksIn(process.pid(), data)) {
        found.add(process.pid());
      }
    }
    return found;
  }

  private static boolean worksIn(long pid, Path data) throws IOException {
    Path real = data.toRealPath();
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd")).equals(real);
    } catch (IOException goneOrOtherUsers) {
      return false;
    }
  }
}
