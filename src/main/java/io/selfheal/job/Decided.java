package io.selfheal.job;

import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Decision;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was decided on the jobs of one batch that are too many to be told one by one: in few events,
 * in which jobs of the same reason and evidence share it. Nothing is held over a batch.
 */
final class Decided {
  /** Characters in an event, roughly: below the frame limit of readers of the live feed. */
  private static final int MOST_CHARACTERS = 30_000;

  private final String source;
  private final @Nullable String incidentId;
  private final Map<Why, List<String>> jobs = new LinkedHashMap<>();
  private @Nullable Why last;
  private List<String> alike = List.of();

  Decided(String source, @Nullable String incidentId) {
    this.source = source;
    this.incidentId = incidentId;
  }

  private record Why(Effect effect, String reason, Verdict verdict) {
    boolean is(Judgement judgement) {
      return effect == judgement.effect()
          && reason.equals(judgement.reason())
          && verdict.equals(judgement.verdict());
    }

    int length() {
      return reason.length() + verdict.evidence().stream().mapToInt(String::length).sum() + 150;
    }
  }

  /** Mostly as on the job before, and then without a hash of all that was said. */
  void add(Judgement judgement) {
    if (last == null || !last.is(judgement)) {
      last = new Why(judgement.effect(), judgement.reason(), judgement.verdict());
      alike = jobs.computeIfAbsent(last, first -> new ArrayList<>());
    }
    alike.add(judgement.job().id());
  }

  /** The events; none when nothing was decided. */
  List<JobEvent.Decided> events() {
    List<JobEvent.Decided> events = new ArrayList<>();
    List<Decision> decisions = new ArrayList<>();
    int length = 0;
    for (Map.Entry<Why, List<String>> entry : jobs.entrySet()) {
      int from = 0;
      List<String> ids = entry.getValue();
      length += entry.getKey().length();
      for (int i = 0; i < ids.size(); i++) {
        int longer = ids.get(i).length() + 3;
        if (length + longer > MOST_CHARACTERS && (i > from || !decisions.isEmpty())) {
          addTo(decisions, entry.getKey(), ids.subList(from, i));
          events.add(new JobEvent.Decided(source, decisions, incidentId));
          decisions = new ArrayList<>();
          length = entry.getKey().length();
          from = i;
        }
        length += longer;
      }
      addTo(decisions, entry.getKey(), ids.subList(from, ids.size()));
    }
    if (!decisions.isEmpty()) {
      events.add(new JobEvent.Decided(source, decisions, incidentId));
    }
    return events;
  }

  private static void addTo(List<Decision> decisions, Why why, List<String> ids) {
    if (!ids.isEmpty()) {
      decisions.add(new Decision(why.effect(), why.reason(), why.verdict(), ids));
    }
  }
}
