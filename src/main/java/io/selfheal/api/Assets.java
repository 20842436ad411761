package io.selfheal.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files of the class path: the page and the OpenAPI document. A file is read once; browsers keep it
 * and ask with its ETag whether it is still the one.
 */
final class Assets {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("yaml", "application/yaml"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"));

  /** No segment begins with a dot, so none leads up and none is hidden. */
  private static final Pattern PATH =
      Pattern.compile(
          "/(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,63}/){0,3}[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

  private final Map<String, Asset> read = new HashMap<>();

  private record Asset(String tag, Reply reply) {}

  /** Answers a page's path from the folder {@code web}. */
  void page(RoutingContext context) {
    String path = context.normalizedPath();
    String file = path.equals("/") ? "/index.html" : path;
    if (!PATH.matcher(file).matches()) {
      throw missing(path);
    }
    serve(context, "/web" + file);
  }

  /** Answers with one resource. */
  void serve(RoutingContext context, String resource) {
    find(context, resource)
        .onSuccess(
            found -> {
              if (found.isEmpty()) {
                context.fail(missing(context.normalizedPath()));
                return;
              }
              send(context, found.get());
            })
        .onFailure(context::fail);
  }

  private Future<Optional<Asset>> find(RoutingContext context, String resource) {
    @Nullable String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
    if (type == null) {
      return Future.succeededFuture(Optional.empty());
    }
    @Nullable Asset known = read.get(resource);
    if (known != null) {
      return Future.succeededFuture(Optional.of(known));
    }
    return context
        .vertx()
        .executeBlocking(() -> load(resource, type))
        .onSuccess(found -> found.ifPresent(asset -> read.put(resource, asset)));
  }

  private static void send(RoutingContext context, Asset asset) {
    HttpMethod method = context.request().method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      context.fail(Endpoints.wrongMethod(context.request(), "GET, HEAD"));
      return;
    }
    HttpServerResponse response =
        context.response().putHeader("Cache-Control", "no-cache").putHeader("ETag", asset.tag());
    if (isKnown(context.request().getHeader(HttpHeaders.IF_NONE_MATCH), asset.tag())) {
      response.setStatusCode(304).end();
      return;
    }
    asset.reply().send(context.request());
  }

  private static boolean isKnown(@Nullable String tags, String tag) {
    return tags != null
        && Arrays.stream(tags.split(","))
            .map(text -> text.strip().replaceFirst("^W/", ""))
            .anyMatch(text -> text.equals(tag) || text.equals("*"));
  }

  private static ApiFailure missing(String path) {
    return ApiFailure.of(ProblemKind.NOT_FOUND, "there is nothing at " + clipped(path));
  }

  private static String clipped(String path) {
    return path.length() <= 200 ? path : path.substring(0, 200) + "…";
  }

  private static Optional<Asset> load(String resource, String type) throws IOException {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] content = in.readAllBytes();
      return Optional.of(
          new Asset("\"" + digest(content) + "\"", new Reply(type, Buffer.buffer(content))));
    }
  }

  private static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
