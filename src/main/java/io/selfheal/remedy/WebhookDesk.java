package io.selfheal.remedy;

import io.selfheal.bus.Bus;
import io.selfheal.message.WebhookRequests;
import io.selfheal.message.WebhookRequests.Post;
import io.selfheal.message.WebhookRequests.Posted;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends what the agent tells others, behind a breaker for each address: on one host there may be
 * several receivers, of which one is away.
 */
public final class WebhookDesk extends VerticleBase {
  private final Bus bus;

  /** At once to one host: more than rules can tell at once. */
  private static final int CONNECTIONS = 256;

  private final Map<URI, Receiver> receivers = new HashMap<>();
  private Bus.Subscription answering = Future::succeededFuture;
  private @Nullable HttpClient client;

  /** Not started yet. */
  public WebhookDesk(Bus bus) {
    this.bus = bus;
  }

  @Override
  public Future<?> start() {
    answering = bus.answer(WebhookRequests.POST, this::post);
    return Future.succeededFuture();
  }

  /** The client is made for the first: most agents have no webhook. */
  private Future<Posted> post(Post post) {
    HttpClient known = client;
    if (known == null) {
      known =
          vertx.createHttpClient(
              new HttpClientOptions().setKeepAlive(false),
              new PoolOptions().setHttp1MaxSize(CONNECTIONS));
      client = known;
    }
    HttpClient through = known;
    return receivers
        .computeIfAbsent(post.address(), address -> new Receiver(vertx, through, post.receiver()))
        .post(post);
  }

  @Override
  public Future<?> stop() {
    receivers.values().forEach(Receiver::close);
    HttpClient ended = client;
    return answering
        .cancel()
        .eventually(() -> ended == null ? Future.succeededFuture() : ended.close());
  }
}
