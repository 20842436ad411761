package io.selfheal.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One line of {@code /proc/PID/net/tcp} or {@code tcp6}, see proc_pid_net(5). Pure.
 *
 * @param state the kernel's number, see include/net/tcp_states.h
 * @param inode of the socket; 0 when no process holds it any more
 */
record SocketLine(
    InetAddress localAddress,
    int localPort,
    InetAddress remoteAddress,
    int remotePort,
    int state,
    long inode) {
  static final int CLOSE_WAIT = 8;
  static final int LISTEN = 10;

  private static final int INODE_FIELD = 9;

  /** Empty when the line is not of that form, as the heading is. */
  static Optional<SocketLine> parse(String line) {
    String[] fields = line.strip().split("\\s+", -1);
    if (fields.length <= INODE_FIELD) {
      return Optional.empty();
    }
    String[] local = fields[1].split(":", -1);
    String[] remote = fields[2].split(":", -1);
    if (local.length != 2 || remote.length != 2) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SocketLine(
              address(local[0]),
              HexFormat.fromHexDigits(local[1]),
              address(remote[0]),
              HexFormat.fromHexDigits(remote[1]),
              HexFormat.fromHexDigits(fields[3]),
              Long.parseLong(fields[INODE_FIELD])));
    } catch (IllegalArgumentException | UnknownHostException notOfThatForm) {
      return Optional.empty();
    }
  }

  /**
   * The kernel prints an address as words of its own byte order. One of version 4 in version 6
   * comes out as version 4, as the server shows it.
   */
  private static InetAddress address(String text) throws UnknownHostException {
    byte[] bytes = HexFormat.of().parseHex(text);
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    ByteBuffer address = ByteBuffer.allocate(bytes.length);
    while (words.remaining() >= Integer.BYTES) {
      address.putInt(words.getInt());
    }
    return InetAddress.getByAddress(address.array());
  }

  boolean listens() {
    return state == LISTEN;
  }
}
