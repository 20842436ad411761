package io.selfheal.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Workers;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** How many worker processes are in which state. */
final class WorkerMeters {
  private final Gauges states;
  private final Map<String, Liveness> instances = new HashMap<>();

  WorkerMeters(MeterRegistry registry) {
    states =
        Gauges.family(registry, "selfheal_workers", "Worker processes by their state", "state");
    show();
  }

  void hear(WorkerEvent event) {
    switch (event) {
      case WorkerEvent.Sampled sampled -> {
        return;
      }
      case WorkerEvent.Found found -> instances.put(found.instance(), Liveness.RUNNING);
      case WorkerEvent.Started started -> instances.put(started.instance(), Liveness.RUNNING);
      case WorkerEvent.Recovered well -> instances.put(well.instance(), Liveness.RUNNING);
      case WorkerEvent.Stopped stopped -> instances.put(stopped.instance(), Liveness.STOPPED);
      case WorkerEvent.Lost lost -> instances.put(lost.instance(), Liveness.LOST);
      case WorkerEvent.Unresponsive unwell ->
          instances.put(
              unwell.instance(),
              switch (unwell.reason()) {
                case FROZEN -> Liveness.FROZEN;
                case SILENT -> Liveness.SILENT;
              });
    }
    show();
  }

  /** The owner's own list: instances that are no longer watched have no event. */
  void replace(Workers workers) {
    instances.clear();
    workers
        .workers()
        .forEach(
            worker ->
                worker.processes().forEach(one -> instances.put(one.instance(), one.liveness())));
    show();
  }

  private void show() {
    for (Liveness state : Liveness.values()) {
      double count = instances.values().stream().filter(one -> one == state).count();
      states.set(state.name().toLowerCase(Locale.ROOT), count);
    }
  }
}
