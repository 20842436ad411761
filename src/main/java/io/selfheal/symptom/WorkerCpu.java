package io.selfheal.symptom;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Pressure;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a process of a worker keeps processors busy while other tasks wait for them. */
final class WorkerCpu implements Detector {
  /** A pressure that was read longer ago says nothing of now. */
  private static final Duration FRESH = Duration.ofSeconds(30);

  private final Choice workers;
  private final Band cores;
  private final Band pressure;
  private final Map<String, Used> used = new HashMap<>();
  private @Nullable HostSample host;
  private long hostMark;

  private record Used(ProcessIdentity process, TenSeconds cores) {}

  WorkerCpu(Choice workers, Band cores, Band pressure) {
    this.workers = workers;
    this.cores = cores;
    this.pressure = pressure;
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    long mark = around.time().mark();
    return switch (event) {
      case HostEvent.Sampled sampled -> {
        host = sampled.host();
        hostMark = mark;
        yield List.of();
      }
      case WorkerEvent.Sampled sampled when workers.has(sampled.worker()) -> read(sampled, mark);
      case WorkerEvent.Lost lost -> gone(lost);
      case WorkerEvent.Stopped stopped -> gone(stopped);
      default -> List.of();
    };
  }

  private List<Reading> gone(WorkerEvent event) {
    return used.remove(event.instance()) == null
        ? List.of()
        : List.of(new Reading(event.subject(), Presence.GONE, "the process has ended"));
  }

  private List<Reading> read(WorkerEvent.Sampled sampled, long mark) {
    double now = sampled.reading().cpuShare();
    if (now < 0) {
      return List.of();
    }
    Used before = used.get(sampled.instance());
    TenSeconds cores =
        before != null && before.process().equals(sampled.process())
            ? before.cores()
            : TenSeconds.NEW;
    if (before == null && used.size() >= Watched.MOST) {
      return List.of();
    }
    TenSeconds mean = cores.next(now, mark);
    used.put(sampled.instance(), new Used(sampled.process(), mean));
    return List.of(judged(sampled, mean.mean(), mark));
  }

  private Reading judged(WorkerEvent.Sampled sampled, double mean, long mark) {
    HostSample around = host;
    if (around == null || mark - hostMark > FRESH.toNanos()) {
      return new Reading(
          sampled.subject(), Presence.UNKNOWN, "no reading of the host's pressure came");
    }
    Optional<Pressure> waits = Pressures.of(around, "cpu");
    if (waits.isEmpty()) {
      return new Reading(sampled.subject(), Presence.UNKNOWN, Pressures.missing(around));
    }
    double waiting = waits.get().someTenSeconds();
    String evidence =
        "%s uses %.2f processors, and tasks of the host waited for one %s of the time"
            .formatted(sampled.process(), mean, Amounts.share(waiting));
    return new Reading(
        sampled.subject(),
        Band.every(List.of(cores.of(mean), pressure.of(waiting))),
        evidence,
        Map.of("cores", mean, "cpu_pressure_share", waiting),
        sampled.process());
  }
}
