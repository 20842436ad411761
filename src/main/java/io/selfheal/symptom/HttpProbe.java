package io.selfheal.symptom;

import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gets an address. The limit holds for connecting, the head and the body together. */
final class HttpProbe implements Probe {
  private static final ProbeTarget ANY = new ProbeTarget("any.1", 1);

  private final String address;
  private final Duration limit;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  HttpProbe(String address, Duration limit) {
    this.address = address;
    this.limit = limit;
  }

  /** What is wrong with an address; empty when nothing is. */
  static Optional<String> problem(String address) {
    try {
      URI uri = URI.create(ANY.in(address));
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean known = scheme.equals("http") || scheme.equals("https");
      return known && uri.getHost() != null
          ? Optional.empty()
          : Optional.of("\"" + address + "\" is not an http address");
    } catch (IllegalArgumentException malformed) {
      return Optional.of("\"" + address + "\" is not an address: " + malformed.getMessage());
    }
  }

  @Override
  public List<String> templates() {
    return List.of(address);
  }

  @Override
  public Answer ask(ProbeTarget target) throws InterruptedException {
    String asked = target.in(address);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(asked)).header("User-Agent", "selfheal").GET().build();
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, BodyHandlers.discarding());
    try {
      int status = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      String detail = asked + " answers " + status;
      return status >= 200 && status < 400 ? new Answer.Well(detail) : new Answer.Unwell(detail);
    } catch (TimeoutException late) {
      return new Answer.Unwell(asked + " gave no answer within " + Spoken.of(limit));
    } catch (ExecutionException failure) {
      return failed(asked, failure);
    } finally {
      // Closes the connection of an exchange that is not over.
      answer.cancel(true);
    }
  }

  /** The cause that lies deepest says what it was. */
  private static Answer failed(String asked, Throwable failure) {
    Throwable deepest = failure;
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (one instanceof UnresolvedAddressException || one instanceof UnknownHostException) {
        return new Answer.Unasked(asked + ": no host has that name");
      }
      deepest = one;
    }
    String why = deepest.getMessage();
    return new Answer.Unwell(asked + ": " + (why == null ? "no connection" : why));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
