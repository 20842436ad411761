package io.selfheal.symptom;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import io.selfheal.symptom.CrashLoop.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts losses. It only listens, so that it can be replayed; the readings of the host, of which
 * one comes each second, let it see that time passes.
 */
final class CrashDetector implements Detector {
  private final List<String> workers;
  private final Limits limits;
  private final Map<String, CrashCourse> courses = new LinkedHashMap<>();

  /**
   * @param workers names; empty: all
   */
  CrashDetector(List<String> workers, Limits limits) {
    this.workers = workers;
    this.limits = limits;
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    long mark = around.time().mark();
    if (event instanceof HostEvent.Sampled) {
      return courses.keySet().stream().map(slot -> reading(slot, mark)).toList();
    }
    if (!(event instanceof WorkerEvent news) || !wanted(news.worker())) {
      return List.of();
    }
    String slot = slot(news);
    CrashCourse before = courses.getOrDefault(slot, CrashCourse.NEW);
    CrashCourse after = after(before, news, mark);
    if (after.equals(before)) {
      return List.of();
    }
    courses.put(slot, after);
    return List.of(reading(slot, mark));
  }

  private CrashCourse after(CrashCourse before, WorkerEvent news, long mark) {
    return switch (news) {
      case WorkerEvent.Lost lost -> before.lost(lost, mark, limits);
      case WorkerEvent.Stopped stopped -> before.stopped();
      case WorkerEvent.Found found -> before.runs(mark);
      case WorkerEvent.Started started -> before.runs(mark);
      case WorkerEvent.Unresponsive unresponsive -> before;
      case WorkerEvent.Recovered recovered -> before;
      case WorkerEvent.Sampled sampled -> before;
    };
  }

  private boolean wanted(String worker) {
    return workers.isEmpty() || workers.contains(worker);
  }

  /** Each process that is found has an instance of its own, so these are counted together. */
  private static String slot(WorkerEvent news) {
    return Former.isFound(news.instance()) ? news.worker() : news.instance();
  }

  private Reading reading(String slot, long mark) {
    CrashCourse course = courses.getOrDefault(slot, CrashCourse.NEW);
    long recent = course.recent(mark, limits.within());
    Presence presence = course.judge(mark, limits);
    String runs = "it runs for " + Spoken.of(course.up(mark));
    String lost = "lost %d times within %s".formatted(recent, Spoken.of(limits.within()));
    String last = course.newest().isEmpty() ? "" : ", at last it " + course.newest();
    return new Reading(
        Subject.worker(slot),
        presence,
        presence == Presence.ABSENT ? runs : lost + last,
        Map.of("losses", (double) recent, "up_seconds", course.up(mark).toMillis() / 1000.0));
  }
}
