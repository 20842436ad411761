package io.selfheal.worker;

import io.selfheal.message.TraceRequests.End;
import io.selfheal.message.TraceRequests.TraceClients;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The connections to one database, as the kernel shows them on this host. Pure.
 *
 * @param here those of the agent's own network namespace
 * @param elsewhere those of the other namespaces in which workers run
 * @param ownSockets the inodes of the sockets of the agent itself
 */
record Network(List<SocketLine> here, List<SocketLine> elsewhere, List<Long> ownSockets) {
  /** What is at a client's end. */
  sealed interface Found {
    /** A socket. */
    record Socket(long inode) implements Found {}

    /** Nothing any more. */
    record Closed() implements Found {}

    /** Not known. */
    record Nothing() implements Found {}
  }

  /** Finds the socket of one client. */
  Found find(TraceClients question, End end) {
    int port = question.serverPort();
    OptionalLong own = only(at(here, question.own(), port));
    if (own.isEmpty() || !ownSockets.contains(own.getAsLong())) {
      return new Found.Nothing();
    }
    List<SocketLine> candidates = new ArrayList<>(at(here, end, port));
    if (!address(end).isLoopbackAddress()) {
      candidates.addAll(at(elsewhere, end, port));
    } else if (served(question.own(), port).isEmpty()) {
      // The loopback of another machine, or of another namespace.
      return new Found.Nothing();
    }
    OptionalLong socket = only(candidates);
    if (socket.isPresent()) {
      return new Found.Socket(socket.getAsLong());
    }
    boolean closed =
        candidates.isEmpty()
            && served(end, port).stream().anyMatch(line -> line.state() == SocketLine.CLOSE_WAIT);
    return closed ? new Found.Closed() : new Found.Nothing();
  }

  /** Sockets that some process holds, at that client's end. */
  private static List<SocketLine> at(List<SocketLine> lines, End end, int serverPort) {
    InetAddress address = address(end);
    return lines.stream()
        .filter(line -> line.inode() != 0)
        .filter(line -> line.localPort() == end.port() && line.remotePort() == serverPort)
        .filter(line -> line.localAddress().equals(address))
        .toList();
  }

  /** The server's end of the same connection, when the server runs in the agent's namespace. */
  private List<SocketLine> served(End end, int serverPort) {
    InetAddress address = address(end);
    return here.stream()
        .filter(line -> line.localPort() == serverPort && line.remotePort() == end.port())
        .filter(line -> line.remoteAddress().equals(address))
        .toList();
  }

  private static OptionalLong only(List<SocketLine> lines) {
    return lines.size() == 1 ? OptionalLong.of(lines.getFirst().inode()) : OptionalLong.empty();
  }

  private static InetAddress address(End end) {
    return InetAddress.ofLiteral(end.address());
  }
}
