package io.selfheal.remedy;

import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An address that is sent a POST with JSON. Of the address only the host is ever shown, and of the
 * headers nothing.
 */
record Webhook(URI address, Map<String, String> headers, Patience patience) {
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

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

  /**
   * What one try came to.
   *
   * @param again whether a further one may do better
   */
  private record Try(boolean taken, boolean again, String detail) {}

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
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return address.getScheme() + "://" + address.getHost() + port + "/***";
  }

  /** Never the address itself. */
  @Override
  public String toString() {
    return shown();
  }

  /** Sends it, until it is taken or no try is left. */
  Performed post(byte[] json, String key) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    Duration pause = patience.pause();
    try (HttpClient client = client()) {
      for (int attempt = 1; attempt <= patience.tries(); attempt++) {
        Try done = attempt(client, json, key);
        lines.add("try " + attempt + ": " + done.detail());
        if (done.taken()) {
          return new Performed(Outcome.DONE, shown() + " " + done.detail(), lines, null);
        }
        if (!done.again() || attempt == patience.tries()) {
          break;
        }
        Thread.sleep(pause);
        pause = pause.multipliedBy(2);
      }
      // Closing it waits for exchanges; none is under way.
      client.shutdownNow();
    }
    return new Performed(
        Outcome.FAILED, shown() + " was not told; " + lines.getLast(), lines, null);
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  private Try attempt(HttpClient client, byte[] json, String key) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .header("User-Agent", "selfheal")
            .header("Idempotency-Key", key);
    headers.forEach(request::setHeader);
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(
            request.POST(BodyPublishers.ofByteArray(json)).build(), BodyHandlers.discarding());
    try {
      int status = answer.get(patience.limit().toMillis(), TimeUnit.MILLISECONDS).statusCode();
      boolean again = status >= 500 || PASSING.contains(status);
      return new Try(status >= 200 && status < 300, again, "answered " + status);
    } catch (TimeoutException late) {
      return new Try(false, true, "no answer within " + patience.limit().toMillis() + " ms");
    } catch (ExecutionException failure) {
      return new Try(false, true, "no answer: " + kind(failure));
    } finally {
      answer.cancel(true);
    }
  }

  /** A message may have the address in it. */
  private static String kind(Throwable failure) {
    Throwable deepest = failure;
    for (Throwable one = failure; one != null; one = one.getCause()) {
      deepest = one;
    }
    return deepest.getClass().getSimpleName();
  }
}
