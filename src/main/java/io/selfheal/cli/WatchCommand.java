package io.selfheal.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.io.PrintWriter;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code watch}: a live tail of events, until the agent goes or Ctrl-C. */
@Command(
    name = "watch",
    description = "Prints events as they happen; samples are left out unless asked for by --types.",
    mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
  /** Everything that is not a reading. */
  private static final List<String> NO_SAMPLES =
      List.of(
          "agent.*",
          "breaker.*",
          "component.*",
          "healing.*",
          "incident.*",
          "job.*",
          "journal.*",
          "sweep.*",
          "worker.found",
          "worker.lost",
          "worker.recovered",
          "worker.started",
          "worker.stopped",
          "worker.unresponsive");

  private final Cli cli;

  @Mixin private Connection connection = new Connection();

  @Option(names = "-o", paramLabel = "FORM", description = "table (default), or json: one a line")
  private Output output = Output.TABLE;

  @Option(
      names = "--types",
      split = ",",
      paramLabel = "TYPE",
      description = "Only these, for example incident.*,worker.lost")
  private List<String> types = NO_SAMPLES;

  @Option(
      names = "--severity",
      paramLabel = "LEAST",
      description = "info (default), warning or critical")
  private String severity = "info";

  @Option(names = "--subject", paramLabel = "SUBJECT", description = "Only this subject.")
  private @Nullable String subject;

  @Option(
      names = "--since",
      paramLabel = "EPOCH:OFFSET",
      description = "Begin behind this place in the journal.")
  private @Nullable String since;

  @Spec private @Nullable CommandSpec spec;

  /** In these surroundings. */
  public WatchCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (AgentClient client = new AgentClient(connection.endpoint(cli))) {
      client.get("/api/v1/agent");
      Tail tail = new Tail(out);
      client
          .http()
          .newWebSocketBuilder()
          .subprotocols("selfheal.plain")
          .buildAsync(client.socket("/api/v1/events/ws?" + query()), tail)
          .get();
      return tail.ended.get();
    } catch (ExecutionException failure) {
      throw refused(failure.getCause());
    }
  }

  private String query() {
    StringBuilder query = new StringBuilder("types=" + AgentClient.encode(String.join(",", types)));
    query.append("&severity=").append(AgentClient.encode(severity));
    if (subject != null) {
      query.append("&subject=").append(AgentClient.encode(subject));
    }
    if (since != null) {
      query.append("&since=").append(AgentClient.encode(since));
    }
    return query.toString();
  }

  private static AgentFailure refused(@Nullable Throwable cause) {
    if (cause instanceof AgentFailure failure) {
      return failure;
    }
    if (cause instanceof WebSocketHandshakeException handshake) {
      return new AgentFailure(
          handshake.getResponse().statusCode() == 400 ? 2 : Cli.ERROR,
          "The agent refused the live feed: status " + handshake.getResponse().statusCode());
    }
    return new AgentFailure(Cli.ERROR, "The live feed broke: " + cause);
  }

  /** Prints what comes. */
  private final class Tail implements WebSocket.Listener {
    private final PrintWriter out;
    private final StringBuilder frame = new StringBuilder();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    Tail(PrintWriter out) {
      this.out = out;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      frame.append(data);
      if (last) {
        print(frame.toString());
        frame.setLength(0);
      }
      socket.request(1);
      return null;
    }

    private void print(String json) {
      try {
        JsonNode event = Json.mapper().readTree(json);
        if (event.has("type")) {
          out.println(
              output == Output.JSON
                  ? json
                  : EventLine.of(event, cli.colour(), ZoneId.systemDefault()));
          out.flush();
        }
      } catch (JsonProcessingException broken) {
        ended.completeExceptionally(
            new AgentFailure(Cli.ERROR, "The agent sent what is not JSON: " + json));
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      if (status == 1001) {
        ended.complete(Cli.OK);
        return null;
      }
      ended.completeExceptionally(
          new AgentFailure(Cli.ERROR, "The agent ended the feed: " + status + " " + reason));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
      ended.completeExceptionally(
          new AgentFailure(Cli.ERROR, "The connection to the agent broke: " + failure));
    }
  }
}
