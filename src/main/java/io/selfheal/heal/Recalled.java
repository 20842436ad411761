package io.selfheal.heal;

import io.selfheal.heal.History.Open;
import io.selfheal.heal.History.Start;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Outcome;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The history as an earlier run of the agent left it in its incidents. */
final class Recalled {
  private Recalled() {}

  /** How old an incident may be and still count: a day, or the longest period of a rule. */
  static Duration reach(Rules rules) {
    return Stream.concat(rules.all().stream(), rules.builtIn().all().stream())
        .map(Rule::guards)
        .map(History::period)
        .max(Comparator.naturalOrder())
        .orElse(History.DAY);
  }

  /** One change of the history, and when it was. */
  private record Change(Moment at, UnaryOperator<History> change) {}

  /** The history at the start, where nothing is known of how the clock was set. */
  static History history(Collection<Incident> stored, Moment now) {
    return history(stored, ClockLog.NONE, now);
  }

  /**
   * The history at the start.
   *
   * @param stored incidents that are open, and those of {@link #reach}; one may come twice
   */
  static History history(Collection<Incident> stored, ClockLog clock, Moment now) {
    Map<String, Incident> once = new LinkedHashMap<>();
    stored.forEach(incident -> once.put(incident.id(), incident));
    List<Change> changes = new ArrayList<>();
    once.values().forEach(incident -> learn(incident, clock, now, changes));
    changes.sort(Comparator.comparing((Change change) -> now.since(change.at())).reversed());
    History history = History.EMPTY;
    for (Change change : changes) {
      history = change.change().apply(history);
    }
    return history;
  }

  private static void learn(Incident incident, ClockLog clock, Moment now, List<Change> changes) {
    String rule = incident.rule();
    String subject = incident.subject();
    Moment opened = clock.recalled(incident.openedAt(), now);
    if (Storms.counts(incident)) {
      changes.add(new Change(opened, history -> history.appeared(subject, opened)));
    }
    for (int i = 0; i < incident.steps().size(); i++) {
      Step step = incident.steps().get(i);
      @Nullable Instant startedAt = step.startedAt();
      boolean counts = Leads.counts(rule, incident.steps(), i);
      if (startedAt != null && counts && mayHaveActed(incident, step)) {
        Start start = new Start(step.remedy(), clock.recalled(startedAt, now));
        changes.add(new Change(start.at(), history -> history.started(rule, subject, start)));
      }
    }
    @Nullable Instant closedAt = incident.closedAt();
    if (incident.state() == State.CLOSED && closedAt != null) {
      Moment healed = clock.recalled(closedAt, now);
      changes.add(new Change(healed, history -> history.healed(rule, subject, healed)));
    }
    if (!incident.state().over()) {
      Open open = new Open(incident.id(), rule, subject, incident.state());
      changes.add(new Change(opened, history -> history.standing(open)));
    }
  }

  /** What ended without a word may have acted. What only took something back is no remedy. */
  private static boolean mayHaveActed(Incident incident, Step step) {
    if (step.undoes() != null) {
      return false;
    }
    boolean unknown = step.outcome() == null && incident.state() != State.SELF_RECOVERED;
    return unknown || step.outcome() == Outcome.DONE || step.outcome() == Outcome.FAILED;
  }
}
