package io.selfheal.worker;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether others can connect to a process, as to a connection pooler, a proxy or a tunnel: what it
 * says to a database may then be said for another. Blocks.
 */
final class Relay {
  private Relay() {}

  /** True also when the agent may not look. */
  static boolean maySpeakForOthers(long pid) {
    try {
      List<SocketLine> all = NetFiles.tcp(pid, line -> line.inode() != 0 || line.listens());
      Set<Integer> listened =
          all.stream()
              .filter(SocketLine::listens)
              .map(SocketLine::localPort)
              .collect(Collectors.toSet());
      Set<Long> reachable = new HashSet<>(NetFiles.namedUnixSockets(pid));
      all.stream()
          .filter(line -> listened.contains(line.localPort()))
          .forEach(line -> reachable.add(line.inode()));
      return NetFiles.sockets(pid).stream().anyMatch(reachable::contains);
    } catch (IOException hidden) {
      return true;
    }
  }
}
