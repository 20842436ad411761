package io.selfheal.symptom;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** What the processes of the chosen workers hold over time. Of each it keeps up to three series. */
final class Leaks implements Detector {
  private final Choice workers;
  private final Duration window;
  private final LeakLimits limits;
  private final Map<String, Held> held = new LinkedHashMap<>();

  /** Instances whose process was seen to end: the next one there is a new process. */
  private final Set<String> ended = new LinkedHashSet<>();

  private OptionalDouble available = OptionalDouble.empty();

  Leaks(Choice workers, Duration window, LeakLimits limits) {
    this.workers = workers;
    this.window = window;
    this.limits = limits;
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    return switch (event) {
      case HostEvent.Sampled sampled -> {
        available =
            sampled.host().memory() == null
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) sampled.host().memory().availableBytes());
        yield List.of();
      }
      case WorkerEvent.Sampled sampled when workers.has(sampled.worker()) ->
          read(sampled, around.time().mark());
      case WorkerEvent.Lost lost -> gone(lost);
      case WorkerEvent.Stopped stopped -> gone(stopped);
      default -> List.of();
    };
  }

  private List<Reading> gone(WorkerEvent event) {
    if (held.remove(event.instance()) == null) {
      return List.of();
    }
    ended.add(event.instance());
    if (ended.size() > Watched.MOST) {
      ended.remove(ended.iterator().next());
    }
    return List.of(new Reading(event.subject(), Presence.GONE, "the process has ended"));
  }

  private List<Reading> read(WorkerEvent.Sampled sampled, long mark) {
    Held known = held.get(sampled.instance());
    if (known == null && held.size() >= Watched.MOST) {
      return List.of();
    }
    if (known == null || !known.process().equals(sampled.process())) {
      boolean renewed = ended.remove(sampled.instance()) || known != null;
      known = fresh(sampled.process(), renewed, mark);
      held.put(sampled.instance(), known);
    }
    for (Map.Entry<Holding, Series> one : known.series().entrySet()) {
      double level = one.getKey().of(sampled.reading());
      if (level >= 0) {
        one.getValue().add(mark, level);
      }
    }
    return List.of(known.judge(sampled, limits, available, mark));
  }

  private Held fresh(ProcessIdentity process, boolean renewed, long mark) {
    Map<Holding, Series> series = new EnumMap<>(Holding.class);
    limits.growth().keySet().forEach(one -> series.put(one, new Series(window)));
    return new Held(process, renewed, mark, series);
  }
}
