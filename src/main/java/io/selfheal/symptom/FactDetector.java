package io.selfheal.symptom;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.Presence;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads facts, and keeps what each subject was read to be until another fact says otherwise. It
 * only listens, so that it can be replayed; the readings of the host, of which one comes each
 * second, let time pass.
 */
final class FactDetector implements Detector {
  /** Beyond so many subjects the eldest is forgotten, those first that are well. */
  static final int MOST = 200;

  private final Facts facts;
  private final Map<String, Reading> newest = new LinkedHashMap<>();

  /** What a fact says. */
  @FunctionalInterface
  interface Facts {
    /**
     * The readings that follow from a fact.
     *
     * @param known the newest readings, by subject
     */
    List<Reading> of(Event event, Map<String, Reading> known);
  }

  FactDetector(Facts facts) {
    this.facts = facts;
  }

  /** What a fact about a worker says. */
  @FunctionalInterface
  interface WorkerFacts {
    /**
     * The readings that follow from a fact about a worker.
     *
     * @param known the newest readings, by subject
     */
    List<Reading> of(WorkerEvent event, Map<String, Reading> known);
  }

  /** Of the facts about these workers only; none named: about every worker. */
  static FactDetector ofWorkers(List<String> workers, WorkerFacts facts) {
    return new FactDetector(
        (event, known) ->
            event instanceof WorkerEvent news
                    && (workers.isEmpty() || workers.contains(news.worker()))
                ? facts.of(news, known)
                : List.of());
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    if (event instanceof HostEvent.Sampled) {
      return List.copyOf(newest.values());
    }
    List<Reading> readings = new ArrayList<>(facts.of(event, newest));
    for (Reading reading : readings) {
      newest.remove(reading.subject());
      newest.put(reading.subject(), reading);
    }
    while (newest.size() > MOST) {
      readings.add(forgotten());
    }
    return readings;
  }

  private Reading forgotten() {
    Reading eldest = eldest();
    newest.remove(eldest.subject());
    return new Reading(eldest.subject(), Presence.GONE, "there are newer ones");
  }

  private Reading eldest() {
    Iterator<Reading> all = newest.values().iterator();
    Reading first = all.next();
    for (Reading one = first; ; one = all.next()) {
      if (one.presence() == Presence.ABSENT) {
        return one;
      }
      if (!all.hasNext()) {
        return first;
      }
    }
  }
}
