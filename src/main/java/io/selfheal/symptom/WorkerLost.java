package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Symptom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process of a worker is gone that nobody here asked to end. Subject: {@code worker/INSTANCE}. It
 * is over when a process fills the same instance, or, of a worker whose processes are found, when
 * another process of it is found. What somebody had systemd stop or restart is not lost; a unit
 * that does not come back from a restart is.
 *
 * <p>Key of {@code where}: {@code worker}, a name or a list of names (default: every worker).
 *
 * <p>The built-in healing rescues the jobs of a lost worker and starts it again, where the agent or
 * systemd can. A rule comes beside it: let its remedies notify or run a command. With {@code for}
 * it tells of those that did not come back. Weakness: of a found process that was lost before the
 * agent started anew nothing is known any more.
 */
final class WorkerLost implements Symptom {
  @Override
  public String name() {
    return "worker_lost";
  }

  @Override
  public String description() {
    return "a process of a worker is gone that nobody asked to end";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    List<String> workers = where.texts("worker", List.of());
    return () -> FactDetector.ofWorkers(workers, WorkerLost::read);
  }

  private static List<Reading> read(WorkerEvent news, Map<String, Reading> known) {
    return switch (news) {
      case WorkerEvent.Lost lost ->
          List.of(
              new Reading(
                  lost.subject(),
                  Presence.PRESENT,
                  "%s %s, after %s"
                      .formatted(lost.process(), lost.evidence(), Spoken.of(lost.uptime())),
                  Map.of("uptime_seconds", lost.uptime().toMillis() / 1000.0),
                  lost.process()));
      case WorkerEvent.Found found -> runs(found, found.process() + " was found", known);
      case WorkerEvent.Started started -> runs(started, started.process() + " was started", known);
      case WorkerEvent.Stopped stopped ->
          List.of(
              new Reading(
                  stopped.subject(),
                  Presence.ABSENT,
                  "it was ended on purpose: " + stopped.reason()));
      case WorkerEvent.Unresponsive unresponsive -> List.of();
      case WorkerEvent.Recovered recovered -> List.of();
      case WorkerEvent.Sampled sampled -> List.of();
    };
  }

  private static List<Reading> runs(WorkerEvent news, String evidence, Map<String, Reading> known) {
    List<Reading> readings = new ArrayList<>();
    readings.add(new Reading(news.subject(), Presence.ABSENT, evidence));
    if (Former.isFound(news.instance())) {
      String siblings = Subject.worker(news.worker() + "@");
      known.values().stream()
          .filter(one -> one.presence() == Presence.PRESENT)
          .filter(one -> one.subject().startsWith(siblings))
          .filter(one -> !one.subject().equals(news.subject()))
          .forEach(one -> readings.add(new Reading(one.subject(), Presence.ABSENT, evidence)));
    }
    return readings;
  }
}
