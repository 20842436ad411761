package io.selfheal.demo;

import io.selfheal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The configuration of the demo's agent: three workers, one source, a short patience. */
final class DemoConfig {
  private static final String TEMPLATE =
      """
      # Written by the demo. YAML takes JSON's lists as they are.
      agent:
        name: demo
        data_dir: %s
        http: { port: %d }
      workers:
        - name: demo
          run:
            command: %s
            instances: 3
            on_stop: stop
            stop_grace: 2s
          frozen_after: 1s
      sources:
        - name: demo
          preset: table
          table: demo.jobs
          columns: { id: id, state: state, started: started_at, attempts: attempts, holder: locked_by }
          states: { ready: ready, running: running, failed: failed }
          holder: { worker: demo, format: "{host}:{pid}" }
          stuck_after: 4s
          max_attempts: 10
          sweep_every: 1s
      """;

  private DemoConfig() {}

  static Path write(Path directory, DemoAgent.Java java, int port) throws IOException {
    List<String> worker =
        java.command(List.of("-Xmx24m", "-Xss256k"), "io.selfheal.demo.PgDemoWorker");
    String text =
        TEMPLATE.formatted(
            Json.text(directory.resolve("agent").toString()), port, Json.text(worker));
    return Files.writeString(directory.resolve("agent.yaml"), text);
  }
}
