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

  /** Scheme, host and port of an address, without path, query and user. */
  public static String receiver(URI address) {
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return address.getScheme() + "://" + address.getHost() + port;
  }

  /**
   * What is to be sent.
   *
   * @param address http or https; it may carry a key, and is never shown
   * @param headers beside those of the agent's own; never shown
   * @param key the {@code Idempotency-Key}: the same for every try of one notice
   * @param json the body
   * @param limit for the connection, the request and the whole answer together
   */
  public record Post(
      URI address, Map<String, String> headers, String key, String json, Duration limit) {
    /** Copies the map. */
    public Post {
      headers = Map.copyOf(headers);
    }

    /** Where it goes, without what may be secret. */
    public String receiver() {
      return WebhookRequests.receiver(address);
    }

    /** Never the address itself. */
    @Override
    public String toString() {
      return "POST to " + receiver() + "/***";
    }
  }

  /** What came of a try. */
  public enum Fate {
    /** The receiver has it. */
    TAKEN,
    /** It will not take it. */
    REFUSED,
    /** A further try may do better. */
    FAILED,
    /** It was not tried, as too many before it have failed; soon one is let through. */
    NOT_TRIED
  }

  /**
   * How it went.
   *
   * @param detail for people, such as "answered 503"
   */
  public record Posted(Fate fate, String detail) {}
}
