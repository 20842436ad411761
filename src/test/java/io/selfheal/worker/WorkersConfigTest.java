package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.message.Owner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorkersConfigTest {
  private static WorkersConfig read(String yaml) throws BadConfiguration {
    Reading reading = new Reading("agent.yaml", yaml, Map.of());
    WorkersConfig config = WorkersConfig.from(reading.root());
    reading.finish();
    return config;
  }

  @Test
  void nothingIsWatchedByDefault() throws Exception {
    assertEquals(List.of(), read("").workers());
  }

  @Test
  void defaultsOfARunWorker() throws Exception {
    WorkerConfig worker =
        read("workers: [{name: a, run: {command: [sleep, '9']}}]").workers().getFirst();
    assertEquals(Agent.worker("a", worker.way()), worker);
    assertEquals(
        new WorkerConfig.Way.Run(
            List.of("sleep", "9"), 1, Optional.empty(), Map.of(), false, Duration.ofSeconds(5)),
        worker.way());
    assertEquals(Owner.AGENT, worker.owner());
    assertEquals(Optional.empty(), worker.patience().silentAfter());
  }

  @Test
  void everythingSaid() throws Exception {
    WorkersConfig config =
        read(
            """
            workers:
              - name: a
                run:
                  command: [w, x]
                  instances: 3
                  directory: /tmp
                  environment: {K: v}
                  on_stop: stop
                  stop_grace: 1s
                heartbeat: {every: 5s, grace: 20s}
                frozen_after: 7s
              - name: b
                match: {unit: b.service}
              - name: c
                match: {pid_file: /run/c.pid}
              - name: d
                match: {command: "d\\\\.py"}
              - name: e
            """);
    assertEquals(
        new WorkerConfig.Way.Run(
            List.of("w", "x"),
            3,
            Optional.of(Path.of("/tmp")),
            Map.of("K", "v"),
            true,
            Duration.ofSeconds(1)),
        config.workers().getFirst().way());
    assertEquals(
        new Patience(Duration.ofSeconds(7), Optional.of(Duration.ofSeconds(25))),
        config.workers().getFirst().patience());
    assertEquals(
        List.of("run", "unit", "pid_file", "command", "heartbeat"),
        config.workers().stream().map(WorkerConfig::found).toList());
    assertEquals(
        Optional.of(Duration.ofSeconds(40)), config.workers().getLast().patience().silentAfter());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: A} | is not a name",
        "{} | is missing",
        "{name: a}, {name: a} | two workers",
        "{name: a, match: {command: 'a('}} | not a regular expression",
        "{name: a, match: {command: '.*'}} | matches every process",
        "{name: a, match: {unit: x}} | not the name of a service",
        "{name: a, match: {unit: x.service}, run: {command: [x]}} | more than one way",
        "{name: a, match: {unit: x.service, pid_file: y}} | more than one way",
        "{name: a, run: {instances: 2}} | names no program",
        "{name: a, run: {command: [x], instances: 65}} | from 1 to 64",
        "{name: a, run: {command: [x], environment: {SELFHEAL_WORKER: y}}} | own mark",
        "{name: a, run: {command: [x], environment: {'a b': y}}} | name of a variable",
        "{name: a, frozen_after: 0s} | a duration",
        "{name: a, matches: {}} | did you mean",
      })
  void whatIsWrongIsSaid(String workers, String problem) {
    BadConfiguration bad =
        assertThrows(BadConfiguration.class, () -> read("workers: [" + workers + "]"));
    assertTrue(bad.getMessage().contains(problem), bad.getMessage());
    assertEquals(1, bad.problems().size(), bad.getMessage());
  }
}
