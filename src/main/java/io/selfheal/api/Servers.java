package io.selfheal.api;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.BindException;
import java.util.concurrent.TimeUnit;

/** HTTP/1.1 servers with the limits that every one of them has. */
final class Servers {
  /** The longest request line, in bytes. */
  static final int LONGEST_LINE = 8 << 10;

  /** The largest headers together, in bytes. */
  static final int LARGEST_HEADERS = 16 << 10;

  /**
   * Vert.x cuts what it sends by the same limit as what it takes. The live feed fills frames up to
   * 48 KiB and counts on it that each goes out whole.
   */
  private static final int LARGEST_FRAME = 64 << 10;

  private final Vertx vertx;
  private final int idleSeconds;

  /**
   * @param idleSeconds after which a connection without any byte in either direction is cut; the
   *     live feed sends something every 15 s
   */
  Servers(Vertx vertx, int idleSeconds) {
    this.vertx = vertx;
    this.idleSeconds = idleSeconds;
  }

  Future<HttpServer> listen(SocketAddress address, Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer(options())
        .requestHandler(handler)
        .invalidRequestHandler(Failures::refuse)
        .listen(address)
        .recover(failure -> Future.failedFuture(explain(address, failure)));
  }

  /**
   * Compression is off: it costs 40 µs an event and, with secrets, tells their length. HTTP/2
   * without TLS is off: no browser speaks it.
   */
  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setCompressionSupported(false)
        .setDecompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(false)
        .setIdleTimeout(idleSeconds)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setMaxInitialLineLength(LONGEST_LINE)
        .setMaxHeaderSize(LARGEST_HEADERS)
        .setMaxWebSocketFrameSize(LARGEST_FRAME)
        .setMaxWebSocketMessageSize(LARGEST_FRAME);
  }

  private static Throwable explain(SocketAddress address, Throwable failure) {
    if (address.isDomainSocket()) {
      return new IllegalStateException(
          "cannot listen on "
              + address.path()
              + ": "
              + failure.getMessage()
              + "; set agent.socket to a path in a folder that this user may write, or to off",
          failure);
    }
    String where = "http://" + OwnNames.bracketed(address.host()) + ":" + address.port();
    if (failure instanceof BindException && taken(failure)) {
      return new IllegalStateException(
          "cannot listen on "
              + where
              + ": the address is in use, perhaps by another agent (\"ss -ltnp 'sport = :"
              + address.port()
              + "'\" shows by whom); stop it, or set agent.http.port to another port, or to 0 for"
              + " any free one",
          failure);
    }
    return new IllegalStateException(
        "cannot listen on "
            + where
            + ": "
            + failure.getMessage()
            + "; set agent.http.host and agent.http.port to an address of this machine and a port"
            + " from 1024",
        failure);
  }

  private static boolean taken(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("in use");
  }
}
