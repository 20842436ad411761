package io.selfheal.remedy;

import io.selfheal.bus.Bus;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.WebhookRequests;
import io.selfheal.message.WebhookRequests.Fate;
import io.selfheal.message.WebhookRequests.Post;
import io.selfheal.message.WebhookRequests.Posted;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An address that is sent a POST with JSON. Of the address only the host is ever shown, and of the
 * headers nothing.
 */
record Webhook(URI address, Map<String, String> headers, Patience patience) {
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /**
   * How often it is tried.
   *
   * @param pause before the second try
   * @param limit of one try
   */
  record Patience(int tries, Duration pause, Duration limit) {}

  /** Copies the map. */
  Webhook {
    headers = Map.copyOf(headers);
  }

  /** Whether HTTP has such a header, and lets a client set it. */
  static boolean takes(String name, String value) {
    try {
      HttpRequest.newBuilder(URI.create("http://127.0.0.1/")).header(name, value);
      return true;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }

  /** Where it is, for people. */
  String shown() {
    return WebhookRequests.receiver(address) + "/***";
  }

  /** Never the address itself. */
  @Override
  public String toString() {
    return shown();
  }

  private Post post(String json, String key) {
    return new Post(address, headers, key, json, patience.limit());
  }

  /**
   * Sends it, until it is taken or no try is left. Where it may not even be tried, as others wait
   * for the same receiver, that is no try; it is given up when all tries could have been made.
   */
  Performed post(Bus bus, String json, String key) throws InterruptedException, TimeoutException {
    List<String> lines = new ArrayList<>();
    Duration pause = patience.pause();
    Duration waiting = patience.limit().multipliedBy(patience.tries());
    int attempt = 0;
    while (true) {
      Posted posted = once(bus, post(json, key));
      boolean waits = posted.fate() == Fate.NOT_TRIED && waiting.isPositive();
      if (waits) {
        Thread.sleep(patience.pause());
        waiting = waiting.minus(patience.pause());
        continue;
      }
      attempt++;
      lines.add("try " + attempt + ": " + posted.detail());
      if (posted.fate() == Fate.TAKEN) {
        return new Performed(Outcome.DONE, shown() + " " + posted.detail(), lines, null);
      }
      if (posted.fate() != Fate.FAILED || attempt == patience.tries()) {
        return new Performed(
            Outcome.FAILED, shown() + " was not told; " + lines.getLast(), lines, null);
      }
      Thread.sleep(pause);
      pause = pause.multipliedBy(2);
    }
  }

  /** Whoever sends keeps the limit; a little more is waited for the word of it. */
  private Posted once(Bus bus, Post post) throws TimeoutException {
    Duration most = patience.limit().plus(MARGIN);
    return bus.ask(WebhookRequests.POST, post, most).await(most.toMillis(), TimeUnit.MILLISECONDS);
  }
}
