package io.selfheal.job;

import io.selfheal.message.ComponentEvent.Changed;
import io.selfheal.message.ComponentEvent.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How this component is, from how its sources are. */
final class Health {
  private Health() {}

  static Changed of(Collection<SourceSweeper> sources) {
    if (sources.isEmpty()) {
      return new Changed("jobs", Status.HEALTHY, "no source is configured");
    }
    List<String> problems = new ArrayList<>();
    for (SourceSweeper source : sources) {
      if (source.problem() != null) {
        problems.add(source.config().name() + ": " + source.problem());
      }
    }
    if (problems.isEmpty()) {
      boolean known = sources.stream().allMatch(SourceSweeper::known);
      return known
          ? new Changed("jobs", Status.HEALTHY, "sources swept: " + sources.size())
          : new Changed("jobs", Status.UNKNOWN, "not all sources have been looked at yet");
    }
    Status status = problems.size() == sources.size() ? Status.ERROR : Status.DEGRADED;
    return new Changed("jobs", status, String.join("; ", problems));
  }
}
