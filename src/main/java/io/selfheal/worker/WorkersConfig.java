package io.selfheal.worker;

import io.selfheal.config.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The list {@code workers}: what is watched on this host. Default: nothing but what announces
 * itself by heartbeat.
 */
public record WorkersConfig(List<WorkerConfig> workers) {
  /** The heartbeat that is asked for when nothing is said: every 10 s, with 30 s of grace. */
  static final WorkerConfig.Beat DEFAULT_BEAT =
      new WorkerConfig.Beat(Duration.ofSeconds(10), Duration.ofSeconds(30));

  /** {@code frozen_after} when nothing is said. */
  static final Duration DEFAULT_FROZEN_AFTER = Duration.ofSeconds(3);

  /** Copies the list. */
  public WorkersConfig {
    workers = List.copyOf(workers);
  }

  /** The longest that a worker may take to end which is to end with the agent. */
  public Duration longestStop() {
    return workers.stream()
        .map(WorkerConfig::way)
        .filter(way -> way instanceof WorkerConfig.Way.Run run && run.stop())
        .map(way -> ((WorkerConfig.Way.Run) way).stopGrace())
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** Reads the key {@code workers} of the root section; notes every problem there. */
  public static WorkersConfig from(Section root) {
    List<WorkerConfig> workers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : root.sections("workers")) {
      WorkerConfig worker = WorkerConfig.from(section);
      if (!names.add(worker.name())) {
        section.reject("name", "is the name of two workers", "give each worker its own");
      }
      workers.add(worker);
    }
    return new WorkersConfig(workers);
  }
}
