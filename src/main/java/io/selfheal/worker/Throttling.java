package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.ThrottleRequests.Lift;
import io.selfheal.message.ThrottleRequests.Strength;
import io.selfheal.message.ThrottleRequests.Throttle;
import io.selfheal.message.ThrottleRequests.Throttled;
import io.selfheal.worker.UnitLimits.Property;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Holds processes of workers down and lets them go again; one at a time. */
final class Throttling {
  private static final String NOTE = "throttle-";

  private final Tools tools;
  private final Roster roster;
  private final Notes notes;
  private final GroupMounts mounts;
  private final Systemctl systemctl = new Systemctl();
  private Future<?> running = Future.succeededFuture();

  Throttling(Tools tools, Roster roster, Notes notes, GroupMounts mounts) {
    this.tools = tools;
    this.roster = roster;
    this.notes = notes;
    this.mounts = mounts;
  }

  /** Answers {@code worker.throttle}. */
  Future<Throttled> throttle(Throttle query) {
    Optional<Slot> slot = roster.byProcess(query.process());
    if (slot.isEmpty()) {
      return Future.succeededFuture(
          new Throttled(
              Outcome.ALREADY_DONE, query.process() + " is gone, or no worker's any more", null));
    }
    Set<Long> others = new HashSet<>();
    others.add(ProcessHandle.current().pid());
    for (Slot one : roster.living()) {
      if (one.watched != null && !one.watched.process.equals(query.process())) {
        others.add(one.watched.process.pid());
      }
    }
    WorkerConfig.Way way = slot.get().worker.way();
    return next(() -> apply(query, way, others));
  }

  /** Answers {@code worker.lift}. */
  Future<Throttled> lift(Lift query) {
    return next(() -> lifted(query));
  }

  private Future<Throttled> next(Callable<Throttled> work) {
    Future<Throttled> answer =
        running
            .otherwiseEmpty()
            .compose(before -> tools.blocking(work))
            .otherwise(
                failure ->
                    new Throttled(Outcome.FAILED, String.valueOf(failure.getMessage()), null));
    running = answer;
    return answer;
  }

  private Throttled apply(Throttle query, WorkerConfig.Way way, Set<Long> others)
      throws IOException, InterruptedException {
    Optional<String> note = notes.read(NOTE + query.instance());
    String noted = note.flatMap(text -> text.lines().findFirst()).orElse(query.incident());
    if (!noted.equals(query.incident())) {
      return new Throttled(
          Outcome.ALREADY_DONE,
          query.instance() + " is throttled already, for incident " + noted,
          null);
    }
    Measures.Choice choice =
        way instanceof WorkerConfig.Way.Unit unit
            ? ofUnit(unit.unit(), query.strength())
            : new Measures(tools.proc(), mounts, others)
                .choose(query.instance(), query.process(), query.strength());
    if (choice.measures().isEmpty()) {
      return new Throttled(Outcome.REFUSED, choice.problem(), null);
    }
    String words = String.join("; ", choice.measures().stream().map(Measure::words).toList());
    if (query.rehearse()) {
      return new Throttled(Outcome.DONE, "would " + words, null);
    }
    return act(query, choice.measures(), note, words);
  }

  private Measures.Choice ofUnit(String unit, Strength strength) {
    Map<Property, String> values = new EnumMap<>(Property.class);
    if (strength.cores() != null) {
      values.put(Property.CPU_QUOTA, UnitLimits.percent(strength.cores()));
    }
    if (strength.cpuWeight() != null) {
      values.put(Property.CPU_WEIGHT, strength.cpuWeight().toString());
    }
    if (strength.ioWeight() != null) {
      values.put(Property.IO_WEIGHT, strength.ioWeight().toString());
    }
    return new Measures.Choice(List.of(new UnitMeasure(unit, values, systemctl)), "");
  }

  /**
   * What is there now is written down before anything is done; where an earlier run of the agent
   * has written it down already, what is there now may be its own doing.
   */
  private Throttled act(Throttle query, List<Measure> measures, Optional<String> note, String words)
      throws IOException, InterruptedException {
    String before = note.map(Throttling::behindIncident).orElse("");
    if (note.isEmpty()) {
      List<String> lines = new ArrayList<>();
      for (Measure measure : measures) {
        lines.addAll(measure.before());
      }
      before = String.join("\n", lines);
      notes.write(NOTE + query.instance(), query.incident() + "\n" + before);
    }
    try {
      for (Measure measure : measures) {
        measure.act();
      }
    } catch (IOException failure) {
      List<String> left = new Restoring(tools.proc(), systemctl).restore(before);
      notes.remove(NOTE + query.instance());
      String rest = left.isEmpty() ? "" : "; put back but for: " + String.join("; ", left);
      return new Throttled(Outcome.FAILED, failure.getMessage() + rest, null);
    }
    return new Throttled(Outcome.DONE, "did " + words, before);
  }

  private static String behindIncident(String note) {
    return note.substring(note.indexOf('\n') + 1);
  }

  private Throttled lifted(Lift query) throws IOException, InterruptedException {
    List<String> problems = new Restoring(tools.proc(), systemctl).restore(query.undo());
    notes.remove(NOTE + query.instance());
    return problems.isEmpty()
        ? new Throttled(Outcome.DONE, "what was there is there again", null)
        : new Throttled(Outcome.FAILED, String.join("; ", problems), null);
  }
}
