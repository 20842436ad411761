package io.selfheal.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * Takes in one request's body. What is past the limit is dropped, and up to a second limit still
 * read: a client that only listens after it has sent everything then reads the answer, where a
 * closed connection would show it a reset.
 */
final class Inflow {
  /** The largest body, in bytes. */
  static final int LIMIT = 1 << 20;

  /** What is read and dropped before the connection is cut. */
  private static final long PATIENCE = 16L << 20;

  private final HttpServerRequest request;
  private final Promise<Buffer> whole = Promise.promise();
  private final Buffer kept = Buffer.buffer();
  private long seen;

  private Inflow(HttpServerRequest request) {
    this.request = request;
  }

  /** Call it before anything asynchronous, or the body is gone. */
  static Future<Buffer> read(HttpServerRequest request) {
    return new Inflow(request).begin();
  }

  private Future<Buffer> begin() {
    request.exceptionHandler(
        broken ->
            whole.tryFail(
                ApiFailure.of(
                    ProblemKind.MALFORMED_REQUEST, "the body broke off or is badly chunked")));
    request.handler(this::take);
    request.endHandler(end -> whole.tryComplete(kept));
    return whole.future();
  }

  private void take(Buffer chunk) {
    seen += chunk.length();
    if (seen > PATIENCE) {
      request.connection().close();
      return;
    }
    if (seen <= LIMIT) {
      kept.appendBuffer(chunk);
      return;
    }
    whole.tryFail(
        ApiFailure.of(
            ProblemKind.BODY_TOO_LARGE, "the body has more than " + LIMIT + " bytes (1 MiB)"));
  }
}
