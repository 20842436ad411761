package io.selfheal.bench;

import io.selfheal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How the agent of a house is configured.
 *
 * @param sections what follows the section {@code agent}
 * @param rules its rules; empty for none
 * @param instances how many worker processes it starts
 */
record HouseConfig(String sections, String rules, int instances) {
  /** The name of the agent's socket in the directory of the house. */
  static final String SOCKET = "agent.sock";

  private static final String AGENT =
      """
      agent: { name: bench, data_dir: %s, socket: %s, http: { port: %d } }
      """;
  private static final String JOBS =
      """
      workers:%s
      healing:
        # Guardrails that would end the measurement; the rest is the default.
        restart_limit: { restarts: 1000, window: 1s, backoff: 100ms, backoff_max: 100ms }
      """;
  private static final String WORKERS =
      """

        - name: bench
          run: { command: [sleep, "86400"], instances: %d, on_stop: stop, stop_grace: 1s }
      sources:
        - name: bench
          preset: table
          table: bench.jobs
          columns: { id: id, state: state, started: started_at, attempts: attempts, holder: locked_by }
          states: { ready: ready, running: running, failed: failed }
          holder: { worker: bench, format: "{host}:{pid}" }
      """;

  /** Workers that hold jobs, and the source of these. */
  static HouseConfig jobs(int instances) {
    String watched = instances == 0 ? " []" : WORKERS.formatted(instances);
    return new HouseConfig(JOBS.formatted(watched), "", instances);
  }

  /** Writes it below a directory, with the rules beside it; gives the file. */
  Path write(Path directory, int port) throws IOException {
    if (!rules.isEmpty()) {
      Files.writeString(directory.resolve("rules.yaml"), rules);
    }
    String data = Json.text(directory.resolve("agent").toString());
    String socket = Json.text(directory.resolve(SOCKET).toString());
    return Files.writeString(
        directory.resolve("agent.yaml"), AGENT.formatted(data, socket, port) + sections);
  }
}
