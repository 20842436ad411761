package io.selfheal.job;

import io.selfheal.store.PostgresUrl;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The wire between an agent and PostgreSQL, which can be cut before any statement: what the server
 * then sees is what it sees of an agent that is killed there.
 */
final class ToyWire implements AutoCloseable {
  private final PostgresUrl direct;
  private final ServerSocket listening;
  private final List<Link> links = new ArrayList<>();
  private int left = Integer.MAX_VALUE;
  private boolean cut;

  ToyWire(PostgresUrl direct) throws IOException {
    this.direct = direct;
    this.listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  /** The database at its other end. */
  PostgresUrl url() {
    return new PostgresUrl(
        listening.getInetAddress().getHostAddress(),
        listening.getLocalPort(),
        direct.database(),
        direct.user(),
        direct.password(),
        direct.sslMode(),
        direct.options());
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket agent = listening.accept();
        begin(agent);
      } catch (IOException closed) {
        // Nobody is there, or the test is over.
      }
    }
  }

  private synchronized void begin(Socket agent) throws IOException {
    if (cut) {
      agent.close();
      return;
    }
    Link link = new Link(agent, new Socket(direct.host(), direct.port()));
    links.add(link);
    Thread.startVirtualThread(link::send);
    Thread.startVirtualThread(link::receive);
  }

  /** So many statements get through, of all sessions together, and not the next. */
  synchronized void cutAfter(int statements) {
    left = statements;
  }

  /** Waits until the server has ended every session that was cut; whether there was a cut. */
  synchronized boolean mend() {
    boolean was = cut;
    try {
      while (cut && !links.isEmpty()) {
        wait();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    left = Integer.MAX_VALUE;
    cut = false;
    return was;
  }

  /** Whether one more statement gets through. */
  private synchronized boolean lets() {
    if (!cut && left-- > 0) {
      return true;
    }
    if (!cut) {
      cut = true;
      links.forEach(Link::cut);
    }
    return false;
  }

  private synchronized void ended(Link link) {
    links.remove(link);
    notifyAll();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  /** One session. */
  private final class Link {
    private static final int SSL_REQUEST = 80877103;

    private final Socket agent;
    private final Socket server;

    Link(Socket agent, Socket server) throws IOException {
      this.agent = agent;
      this.server = server;
      agent.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void send() {
      try {
        DataInputStream in = new DataInputStream(agent.getInputStream());
        OutputStream out = server.getOutputStream();
        while (start(in, out) == SSL_REQUEST) {}
        for (int type = in.read(); type >= 0; type = in.read()) {
          byte[] message = message(in, type);
          boolean statement = type == 'Q' || type == 'E';
          if (statement && !lets()) {
            return;
          }
          out.write(message);
        }
        server.shutdownOutput();
      } catch (IOException ended) {
        cut();
      }
    }

    /** The first messages have no type; answers what the message begins with. */
    private int start(DataInputStream in, OutputStream out) throws IOException {
      int length = in.readInt();
      byte[] body = in.readNBytes(length - Integer.BYTES);
      ByteBuffer message = ByteBuffer.allocate(length);
      out.write(message.putInt(length).put(body).array());
      return ByteBuffer.wrap(body).getInt();
    }

    private byte[] message(DataInputStream in, int type) throws IOException {
      int length = in.readInt();
      byte[] body = in.readNBytes(length - Integer.BYTES);
      return ByteBuffer.allocate(length + 1).put((byte) type).putInt(length).put(body).array();
    }

    /** To its end: then the server has ended the session. */
    void receive() {
      byte[] bytes = new byte[8192];
      try {
        for (int read = server.getInputStream().read(bytes);
            read >= 0;
            read = server.getInputStream().read(bytes)) {
          pass(bytes, read);
        }
        server.close();
        agent.close();
      } catch (IOException ended) {
        // It has ended.
      }
      ended(this);
    }

    private void pass(byte[] bytes, int length) {
      try {
        agent.getOutputStream().write(bytes, 0, length);
      } catch (IOException gone) {
        // Nobody hears it.
      }
    }

    void cut() {
      try {
        agent.close();
        server.shutdownOutput();
      } catch (IOException ended) {
        // It was cut already.
      }
    }
  }
}
