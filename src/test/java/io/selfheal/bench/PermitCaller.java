package io.selfheal.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One kept connection to the agent, spoken to by hand: a client library would be measured, too. */
final class PermitCaller implements AutoCloseable {
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel channel;
  private final String host;
  private final String token;
  private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 20);

  private PermitCaller(SocketChannel channel, String host, String token) {
    this.channel = channel;
    this.host = host;
    this.token = token;
    in.flip();
  }

  /**
   * @param token sent with each request; empty over the Unix socket
   */
  static PermitCaller connect(SocketAddress address, String host, String token) throws IOException {
    boolean unix = address instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        SocketChannel.open(unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET);
    if (!unix) {
      channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
    }
    channel.connect(address);
    return new PermitCaller(channel, host, token);
  }

  /** A request as bytes. */
  byte[] request(String path, String body) {
    String authorization = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
    return ("POST "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nContent-Type: application/json\r\n"
            + authorization
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  void send(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(bytes);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  /** The body of the next answer. */
  String receive() throws IOException {
    int end = headers();
    int length = 0;
    int at = in.position();
    for (int i = at; i < end; i++) {
      if (in.get(i) == '\n' && begins(i + 1, end)) {
        length = number(i + 1 + LENGTH.length);
      }
    }
    int whole = end + length - at;
    while (in.remaining() < whole) {
      fill();
    }
    byte[] body = new byte[length];
    in.position(in.position() + whole - length).get(body);
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Where the headers end; the buffer's position does not move. */
  private int headers() throws IOException {
    int seen = 0;
    while (true) {
      for (int i = in.position() + seen; i + 3 < in.limit(); i++) {
        if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r') {
          return i + 4;
        }
      }
      seen = Math.max(0, in.remaining() - 3);
      fill();
    }
  }

  private boolean begins(int at, int end) {
    if (at + LENGTH.length > end) {
      return false;
    }
    for (int i = 0; i < LENGTH.length; i++) {
      if (Character.toLowerCase((char) in.get(at + i)) != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  private int number(int at) {
    int value = 0;
    for (int i = at; in.get(i) != '\r'; i++) {
      if (in.get(i) != ' ') {
        value = value * 10 + in.get(i) - '0';
      }
    }
    return value;
  }

  private void fill() throws IOException {
    in.compact();
    int read = channel.read(in);
    in.flip();
    if (read < 0) {
      throw new EOFException("the agent closed the connection");
    }
  }

  /** The permit of an answer. */
  static String permit(String answer) throws IOException {
    String mark = "\"permit\":\"";
    int at = answer.indexOf(mark);
    if (at < 0) {
      throw new IOException("no permit: " + answer);
    }
    int begin = at + mark.length();
    return answer.substring(begin, answer.indexOf('"', begin));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
