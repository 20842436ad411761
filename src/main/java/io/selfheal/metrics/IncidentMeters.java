package io.selfheal.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.selfheal.bus.Time;
import io.selfheal.message.Incident;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Incidents: how many, how soon they were noticed, and how soon healed. */
final class IncidentMeters {
  private static final int MOST_REMEMBERED = 1000;
  private static final List<String> TROUBLES = List.of("worker.lost", "worker.unresponsive");

  private final MeterRegistry registry;
  private final Time time;
  private final Gauges openCount;
  private final Timer timeToDetect;
  private final Timer timeToHeal;
  private final Label symptoms = new Label();
  private final Label results = new Label();
  private final Label remedies = new Label();
  private final Map<String, Open> open = new HashMap<>();
  private final Map<String, Boolean> over = new Recent<>();
  private final Map<String, Long> began = new Recent<>();

  IncidentMeters(MeterRegistry registry, Time time) {
    this.registry = registry;
    this.time = time;
    openCount = Gauges.single(registry, "selfheal_incidents_open", "Incidents that are not over");
    openCount.set(0);
    timeToDetect =
        Timers.register(
            registry,
            "selfheal_time_to_detect_seconds",
            "From the trouble itself, as far as it is known, to its incident");
    timeToHeal =
        Timers.register(
            registry,
            "selfheal_time_to_heal_seconds",
            "From opening an incident to closing it, where a remedy healed it");
  }

  private record Open(String symptom, long mark) {}

  /** Notes when a trouble began, under the symptom and subject that its incident will have. */
  void hear(WorkerEvent event) {
    switch (event) {
      case WorkerEvent.Lost lost -> began.put(key(lost), markAt(lost.noticedAt()));
      case WorkerEvent.Unresponsive unwell ->
          began.put(key(unwell), time.mark() - unwell.lasted().toNanos());
      case WorkerEvent.Recovered well -> over(well);
      case WorkerEvent.Found found -> over(found);
      case WorkerEvent.Started started -> over(started);
      case WorkerEvent.Stopped stopped -> over(stopped);
      case WorkerEvent.Sampled sampled -> {}
    }
  }

  /** What a rule watches for began when it was first read. */
  void hear(SymptomEvent event) {
    String key = key(event.symptom(), event.subject());
    switch (event) {
      case SymptomEvent.Seen seen -> began.put(key, time.mark() - seen.lasted().toNanos());
      case SymptomEvent.Cleared cleared -> began.remove(key);
    }
  }

  private void over(WorkerEvent event) {
    TROUBLES.forEach(trouble -> began.remove(key(trouble, event.subject())));
  }

  private static String key(WorkerEvent event) {
    return key(event.type(), event.subject());
  }

  private static String key(String symptom, String subject) {
    return symptom + " " + subject;
  }

  void hear(IncidentEvent event) {
    switch (event) {
      case IncidentEvent.Opened opened -> opened(opened);
      case IncidentEvent.Asked asked -> {}
      case IncidentEvent.RemedyStarted started -> {}
      case IncidentEvent.RemedyFinished finished -> remedied(finished);
      case IncidentEvent.Verified verified -> {}
      case IncidentEvent.Escalated escalated -> ended(escalated.incidentId(), "escalated", false);
      case IncidentEvent.Closed closed ->
          ended(
              closed.incidentId(),
              closed.recovery().name().toLowerCase(Locale.ROOT),
              closed.recovery() == IncidentEvent.Recovery.HEALED);
    }
    openCount.set(open.size());
  }

  /** Incidents from before this agent's start. */
  void add(List<Incident> incidents) {
    for (Incident incident : incidents) {
      if (!incident.state().over() && !over.containsKey(incident.id())) {
        open.putIfAbsent(incident.id(), new Open(incident.symptom(), markAt(incident.openedAt())));
      }
    }
    openCount.set(open.size());
  }

  private void opened(IncidentEvent.Opened opened) {
    open.put(opened.incidentId(), new Open(opened.symptom(), time.mark()));
    Long since = began.remove(key(opened.symptom(), opened.subject()));
    if (since != null) {
      timeToDetect.record(notNegative(time.since(since)));
    }
  }

  private void remedied(IncidentEvent.RemedyFinished finished) {
    Counter.builder("selfheal_remedies")
        .description("Remedies that ended")
        .tag("remedy", remedies.of(finished.remedy()))
        .tag("outcome", finished.outcome().name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
  }

  /** An incident that was escalated may be closed by a person later: it counts once. */
  private void ended(String id, String result, boolean healed) {
    Open incident = open.remove(id);
    if (over.put(id, true) != null) {
      return;
    }
    Counter.builder("selfheal_incidents")
        .description("Incidents that are over")
        .tag("symptom", incident == null ? "unknown" : symptoms.of(incident.symptom()))
        .tag("result", results.of(result))
        .register(registry)
        .increment();
    if (healed && incident != null) {
      timeToHeal.record(notNegative(time.since(incident.mark())));
    }
  }

  private long markAt(Instant past) {
    return time.mark() - notNegative(Duration.between(past, time.now())).toNanos();
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  /** Forgets its oldest entries, so that it cannot grow without end. */
  private static final class Recent<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > MOST_REMEMBERED;
    }
  }
}
