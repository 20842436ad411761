package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent.Unwell;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One process slot of a worker; touched on the verticle's context only. */
final class Slot {
  final WorkerConfig worker;
  final String instance;

  /** The process that fills it; null when none does. */
  @Nullable Watched watched;

  /** The process that filled it last, with its own pid and the mark of its end. */
  @Nullable ProcessIdentity last;

  /** When the process that fills it started; counts only when one does. */
  long startedMark;

  long lastOwnPid;
  long endedMark;

  /** How it came to its end. */
  Demise lastDemise = Demise.UNKNOWN;

  Liveness gone = Liveness.STOPPED;
  Instant since;

  /** As it may be shown: without its secrets. */
  String command = "";

  long restarts;
  @Nullable Long beatMark;
  List<String> jobs = List.of();
  @Nullable String progress;

  /** A start that is under way; null when none is. */
  @Nullable Future<WorkerRequests.Ended> starting;

  Slot(WorkerConfig worker, String instance, Instant since) {
    this.worker = worker;
    this.instance = instance;
    this.since = since;
  }

  /** Its number among those that the agent runs, from 1; 0 for a found process. */
  int number() {
    String number = instance.substring(instance.lastIndexOf('.') + 1);
    return number.matches("\\d{1,6}") ? Integer.parseInt(number) : 0;
  }

  /** The process now, or the last one. */
  @Nullable Filled filled(long mark) {
    if (watched != null) {
      return new Filled(
          worker.name(),
          instance,
          watched.process,
          watched.status.ownPid(watched.process.pid()),
          null,
          lastDemise);
    }
    if (last == null) {
      return null;
    }
    Duration ago = Duration.ofNanos(mark - endedMark);
    return new Filled(worker.name(), instance, last, lastOwnPid, ago, lastDemise);
  }

  Instance shown(long mark) {
    Watched now = watched;
    return new Instance(
        instance,
        now == null ? null : now.process,
        now == null ? gone : liveness(now.condition),
        command,
        since,
        beatMark == null ? null : Duration.ofNanos(mark - beatMark),
        jobs,
        progress,
        restarts,
        now == null ? null : now.sample,
        now == null ? null : Duration.ofNanos(mark - startedMark),
        now != null && now.draining);
  }

  /** A process that is stopped is not running, even before it is called unresponsive. */
  private static Liveness liveness(Condition condition) {
    if (condition.stopped()) {
      return Liveness.FROZEN;
    }
    return condition.told().contains(Unwell.SILENT) ? Liveness.SILENT : Liveness.RUNNING;
  }
}
