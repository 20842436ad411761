package io.selfheal.message;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** What WebhookDesk answers. */
public final class WebhookRequests {
  /** Sends one POST with JSON, once. */
  public static final Request<Post, Posted> POST =
      new Request<>("webhook.post", Post.class, Posted.class);

  private WebhookRequests() {}

  /**
   * What is to be sent.
   *
   * @param address http or https; it may carry a key, and is never shown
   * @param headers beside those of the agent's own; never shown
   * @param key the {@code Idempotency-Key}: the same for every try of one notice
   * @param json the body
   * @param limit for connecting and the whole answer
   */
  public record Post(
      URI address, Map<String, String> headers, String key, String json, Duration limit) {
    /** Copies the map. */
    public Post {
      headers = Map.copyOf(headers);
    }

    /** Where it goes, without path, query and user. */
    public String receiver() {
      String port = address.getPort() < 0 ? "" : ":" + address.getPort();
      return address.getScheme() + "://" + address.getHost() + port;
    }

    /** Never the address itself. */
    @Override
    public String toString() {
      return "POST to " + receiver() + "/***";
    }
  }

  /**
   * How it went.
   *
   * @param taken whether the receiver has it
   * @param again whether a further try may do better
   * @param detail what came of it, such as "answered 503"
   */
  public record Posted(boolean taken, boolean again, String detail) {}
}
