package io.selfheal.live;

import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one client. It lives on a context of the HTTP server; writing to it and closing it
 * are safe from any thread (Vert.x queues them for its event loop), and its state here is touched
 * on the context of the feed only.
 */
final class Peer implements Line {
  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);
  private static final int TOLERATED_FRAMES = 10;
  private static final int TOLERATED_SILENCES = 2;

  private final ServerWebSocket socket;
  private final HttpConnection connection;
  private @Nullable Session session;
  private int frames;
  private int silences;
  private @Nullable Long closedAt;
  private Future<Void> farewell = Future.succeededFuture();
  private boolean closing;
  private boolean gone;

  Peer(ServerWebSocket socket, HttpConnection connection) {
    this.socket = socket;
    this.connection = connection;
  }

  @Nullable Session session() {
    return session;
  }

  void session(Session begun) {
    session = begun;
  }

  @Override
  public boolean writable() {
    try {
      return !closing && !socket.writeQueueFull();
    } catch (IllegalStateException closed) {
      return false;
    }
  }

  @Override
  public void send(String frame) {
    socket.writeTextMessage(frame);
  }

  @Override
  public void close(CloseReason reason) {
    if (closing) {
      return;
    }
    closing = true;
    if (reason == CloseReason.SLOW) {
      LOG.info("The live client {} reads too slowly; closed with {}", address(), reason.code());
    }
    farewell = socket.close(reason.code(), reason.text());
  }

  /** Ends when the connection has ended after {@link #close}. */
  Future<Void> farewell() {
    return farewell;
  }

  /** The client sent a frame; says whether that was one too many. */
  boolean heard() {
    return ++frames > TOLERATED_FRAMES;
  }

  /** A pong came, or the client read what waited. */
  void alive() {
    silences = 0;
  }

  /** Asks for a sign of life; says whether the last ones were not answered. */
  boolean probe() {
    if (silences >= TOLERATED_SILENCES) {
      return true;
    }
    silences++;
    socket.writePing(Buffer.buffer());
    return false;
  }

  /** The socket is closed. */
  void gone() {
    gone = true;
    closing = true;
  }

  boolean isGone() {
    return gone;
  }

  boolean isClosing() {
    return closing;
  }

  /** Notes when closing was first seen, and returns it. */
  long closingSince(long mark) {
    Long noted = closedAt == null ? (Long) mark : closedAt;
    closedAt = noted;
    return noted;
  }

  /**
   * Ends the connection at once. Our closing frame waits behind what the client does not read, and
   * Vert.x counts its closing timeout from the moment that the frame is written, so a client that
   * has stopped reading would stay. Vert.x' own handler turns a close of the channel into that
   * polite one; a close that begins before it in the pipeline goes straight to the channel.
   */
  void cutOff() {
    closing = true;
    if (connection instanceof ConnectionBase base) {
      // A channel that closed this moment has no handlers any more.
      ChannelHandlerContext first = base.channel().pipeline().firstContext();
      if (first != null) {
        first.close();
      }
    }
  }

  private String address() {
    return String.valueOf(socket.remoteAddress());
  }
}
