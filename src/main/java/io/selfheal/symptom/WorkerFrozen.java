package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.message.Presence;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerEvent.Unwell;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Symptom;
import java.util.List;
import java.util.Map;

/**
 * A process of a worker is stopped by a signal, or by the freezer of its control group: not dead,
 * and not working. Subject: {@code worker/INSTANCE}.
 *
 * <p>Key of {@code where}: {@code worker}, a name or a list of names (default: every worker). From
 * when on it counts is the worker's {@code frozen_after}.
 *
 * <p>The built-in healing of frozen workers stays as it is. A rule comes beside it: let its
 * remedies notify or run a command.
 */
final class WorkerFrozen implements Symptom {
  @Override
  public String name() {
    return "worker_frozen";
  }

  @Override
  public String description() {
    return "a process of a worker is stopped by a signal or its freezer";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    List<String> workers = where.texts("worker", List.of());
    return () -> FactDetector.ofWorkers(workers, WorkerFrozen::read);
  }

  private static List<Reading> read(WorkerEvent news, Map<String, Reading> known) {
    return switch (news) {
      case WorkerEvent.Unresponsive stopped when stopped.reason() == Unwell.FROZEN ->
          List.of(
              new Reading(
                  stopped.subject(),
                  Presence.PRESENT,
                  stopped.process() + ": " + stopped.evidence(),
                  Map.of("frozen_seconds", stopped.lasted().toMillis() / 1000.0),
                  stopped.process()));
      case WorkerEvent.Unresponsive silent -> List.of();
      case WorkerEvent.Recovered recovered -> over(recovered, "it runs again", known);
      case WorkerEvent.Lost lost -> over(lost, "that process is gone", known);
      case WorkerEvent.Stopped stopped -> over(stopped, "that process is gone", known);
      case WorkerEvent.Found found -> over(found, "another process runs", known);
      case WorkerEvent.Started started -> over(started, "another process runs", known);
      case WorkerEvent.Sampled sampled -> List.of();
    };
  }

  /** What was never frozen is not told of. */
  private static List<Reading> over(WorkerEvent news, String evidence, Map<String, Reading> known) {
    return known.containsKey(news.subject())
        ? List.of(new Reading(news.subject(), Presence.ABSENT, evidence))
        : List.of();
  }
}
