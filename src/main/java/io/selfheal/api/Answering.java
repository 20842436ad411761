package io.selfheal.api;

import io.selfheal.api.Endpoint.Ask;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Map;

/** From a request that passed the gate to its answer: media type, body, call, reply or problem. */
final class Answering {
  private static final Future<Buffer> NOTHING = Future.succeededFuture(Buffer.buffer());

  private Answering() {}

  /**
   * Answers.
   *
   * @param path what stands in the path's braces
   * @throws ApiFailure when it cannot be answered whatever its body is
   */
  static void answer(HttpServerRequest request, Ask ask, Map<String, String> path, Query query) {
    content(request)
        .compose(content -> ask.answer().apply(new Call(path, query, content)))
        .onComplete(reply -> send(request, reply), failure -> Failures.answer(request, failure));
  }

  private static Future<Buffer> content(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.POST)) {
      return NOTHING;
    }
    requireJson(request);
    return Inflow.read(request);
  }

  private static void requireJson(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw ApiFailure.of(ProblemKind.NOT_JSON, "the body must not be compressed");
    }
    boolean none = type == null && !hasBody(request);
    if (!none && !isJson(type == null ? "" : type)) {
      throw ApiFailure.of(
          ProblemKind.NOT_JSON, "the body must be JSON with \"Content-Type: application/json\"");
    }
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  private static boolean isJson(String contentType) {
    if (contentType.equals(Reply.JSON)) {
      return true;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", 2);
    String parameter = parts.length == 1 ? "" : parts[1].replace("\"", "").strip();
    return parts[0].strip().equals(Reply.JSON)
        && (parameter.isEmpty() || parameter.equals("charset=utf-8"));
  }

  private static void send(HttpServerRequest request, Reply reply) {
    HttpServerResponse response = request.response();
    if (!response.ended() && !response.closed()) {
      reply.send(request);
    }
  }
}
