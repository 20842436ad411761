package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.JobEvent;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent.Lost;
import io.selfheal.message.WorkerEvent.Unresponsive;
import io.selfheal.message.WorkerEvent.Unwell;
import io.selfheal.rule.BuiltIn;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The built-in rules: which event is a symptom, and the ladder of remedies for it. */
final class BuiltIns {
  private BuiltIns() {}

  /** The rule that an event matches, with what follows from it. */
  static Optional<Match> match(Event event) {
    return switch (event) {
      case Lost lost -> Optional.of(lost(lost));
      case Unresponsive unwell -> Optional.of(unresponsive(unwell));
      case JobEvent.Stuck stuck -> Optional.of(stuck(stuck));
      case SymptomEvent.Seen seen ->
          Optional.of(new Match(seen.rule(), seen, seen.summary(), List.of()));
      default -> Optional.empty();
    };
  }

  private static Match lost(Lost lost) {
    String summary =
        "%s died: %s %s after %s"
            .formatted(
                Cause.name(lost),
                Words.pid(lost.process()),
                lost.evidence(),
                Words.duration(lost.uptime()));
    return new Match(
        BuiltIn.LOST_WORKER.key(),
        lost,
        summary,
        List.of(requeue(lost.worker()), restart(lost.instance(), lost.process(), 1)));
  }

  /** The jobs wait until the process is gone: frozen is not dead, it may go on at any time. */
  private static Match unresponsive(Unresponsive unwell) {
    boolean frozen = unwell.reason() == Unwell.FROZEN;
    String summary =
        "%s is %s: %s %s"
            .formatted(
                Cause.name(unwell),
                frozen ? "frozen" : "silent",
                Words.pid(unwell.process()),
                unwell.evidence());
    return new Match(
        (frozen ? BuiltIn.FROZEN_WORKER : BuiltIn.SILENT_WORKER).key(),
        unwell,
        summary,
        List.of(
            stop(unwell.instance(), unwell.process()),
            requeue(unwell.worker()),
            restart(unwell.instance(), unwell.process(), 1)));
  }

  private static Match stuck(JobEvent.Stuck stuck) {
    String summary =
        "%s of source %s stuck".formatted(Words.count(stuck.count(), "job"), stuck.source());
    return new Match(BuiltIn.STUCK_JOBS.key(), stuck, summary, List.of(requeue(stuck.source())));
  }

  static Step stop(String instance, ProcessIdentity process) {
    return planned(StopWorker.NAME, instance, process, 1);
  }

  static Step requeue(String target) {
    return planned(RequeueJobs.NAME, target, null, 1);
  }

  static Step restart(String instance, @Nullable ProcessIdentity replaces, int attempt) {
    return planned(RestartWorker.NAME, instance, replaces, attempt);
  }

  /** One that has not begun. */
  static Step planned(
      String remedy, String target, @Nullable ProcessIdentity process, int attempt) {
    return new Step(remedy, target, process, StepState.PLANNED, attempt, null, null, null, null);
  }
}
