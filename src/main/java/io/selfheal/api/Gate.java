package io.selfheal.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides who may pass: Host for every request, Origin and token by what it wants. */
final class Gate {
  /** What a request wants. */
  enum Access {
    /** No data of the agent: the page's own files and the health probes. */
    OPEN,
    /** Reads. */
    READ,
    /** Upgrades to a WebSocket, which is outside the browser's same-origin rule. */
    STREAM,
    /** What a worker tells or asks for: a changing call that the socket file's mode guards. */
    WORKER,
    /**
     * Goes through to a service. It takes no token, for its Authorization header is the service's;
     * so it is open to this machine only, and to no page.
     */
    PROXY,
    /** Changes something. */
    CHANGE
  }

  /** How the request came. */
  enum Way {
    /** TCP on loopback. */
    LOOPBACK,
    /** TCP that other machines reach. */
    REMOTE,
    /** The Unix domain socket; who may connect is decided by the mode of its file. */
    SOCKET
  }

  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private final Way way;
  private final Token token;
  private final Supplier<OwnNames> names;

  Gate(Way way, Token token, Supplier<OwnNames> names) {
    this.way = way;
    this.token = token;
    this.names = names;
  }

  /** Refuses what no route should see. */
  void greet(HttpServerRequest request) {
    if (!request.uri().startsWith("/")) {
      throw ApiFailure.of(
          ProblemKind.MALFORMED_REQUEST, "the request target must be a path that begins with /");
    }
    if (request.uri().indexOf('%') >= 0 && BAD_ESCAPE.matcher(request.uri()).find()) {
      throw ApiFailure.of(
          ProblemKind.MALFORMED_REQUEST,
          "every % of the path and the query must be followed by two hex digits");
    }
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.size() != 1) {
      throw ApiFailure.of(
          ProblemKind.MALFORMED_REQUEST, "there must be exactly one Host header (RFC 9112)");
    }
    if (way != Way.SOCKET && !names.get().ownHost(hosts.getFirst())) {
      throw ApiFailure.of(
          ProblemKind.FOREIGN_HOST,
          "the Host header names a host that is not this agent; behind a proxy, add the name to"
              + " agent.http.hosts");
    }
  }

  /** Refuses what lacks the right. */
  void admit(HttpServerRequest request, Access access) {
    if (access == Access.PROXY) {
      checkNear(request);
    }
    if (access != Access.OPEN && access != Access.READ) {
      checkOrigin(request.headers().getAll(HttpHeaders.ORIGIN));
    }
    if (needsToken(access)) {
      checkToken(request.getHeader(HttpHeaders.AUTHORIZATION));
    }
  }

  private boolean needsToken(Access access) {
    return switch (access) {
      case OPEN, PROXY -> false;
      case READ, STREAM -> way == Way.REMOTE;
      case WORKER -> way != Way.SOCKET;
      case CHANGE -> true;
    };
  }

  /** A page of another origin sends this header, also where it sends no Origin. */
  private void checkNear(HttpServerRequest request) {
    if (way == Way.REMOTE) {
      throw ApiFailure.of(
          ProblemKind.FROM_AFAR, "services are reached through this agent from its machine only");
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !site.equals("none") && !site.equals("same-origin")) {
      throw ApiFailure.of(
          ProblemKind.FOREIGN_ORIGIN, "the request comes from a page; only workers may");
    }
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization != null && token.shownBy(authorization)) {
      throw ApiFailure.of(
          ProblemKind.MALFORMED_REQUEST,
          "the Authorization header has the token of this agent; here it would go to the service");
    }
  }

  private void checkOrigin(List<String> origins) {
    for (String origin : origins) {
      if (!names.get().ownOrigin(origin)) {
        throw ApiFailure.of(
            ProblemKind.FOREIGN_ORIGIN,
            "the request comes from a page of another origin; only the agent's own page may");
      }
    }
  }

  private void checkToken(@Nullable String authorization) {
    if (authorization == null) {
      throw ApiFailure.of(
          ProblemKind.TOKEN_MISSING,
          "this call needs the header \"Authorization: Bearer TOKEN\"; the token is in the file"
              + " token of the agent's data directory",
          "WWW-Authenticate",
          "Bearer realm=\"selfheal\"");
    }
    if (!token.shownBy(authorization)) {
      throw ApiFailure.of(
          ProblemKind.TOKEN_WRONG,
          "the token is not this agent's; the right one is in the file token of its data directory",
          "WWW-Authenticate",
          "Bearer realm=\"selfheal\", error=\"invalid_token\"");
    }
  }
}
