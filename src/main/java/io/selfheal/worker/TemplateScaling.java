package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.ScaleRequests.Manner;
import io.selfheal.message.ScaleRequests.Scale;
import io.selfheal.message.UnitRequests.Verb;
import io.selfheal.message.WorkerRequests.Ended;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts and stops numbered instances of template units. What is changed for an incident is written
 * down before, and taken back from there. Blocks; one at a time.
 */
record TemplateScaling(Notes notes, Systemctl systemctl) {
  private static final UnitWork WORK = new UnitWork();

  private static final String NOTE = "scale-";

  Ended scale(Scale query) throws InterruptedException {
    try {
      return tried(query);
    } catch (IOException failure) {
      return ended(Outcome.FAILED, query.name() + " cannot be scaled: " + failure.getMessage());
    }
  }

  private Ended tried(Scale query) throws IOException, InterruptedException {
    String note = NOTE + query.name() + "-" + query.incident();
    Optional<String> before = notes.read(note);
    if (query.manner() == Manner.GIVE_BACK) {
      return before.isEmpty()
          ? ended(Outcome.ALREADY_DONE, "nothing of this incident is left to take back")
          : givenBack(query, note, before.get());
    }
    if (query.manner() == Manner.FINISH && before.isPresent()) {
      return changed(query, before.get().lines().toList());
    }
    List<String> changes =
        TemplatePlan.change(
            query.name(),
            TemplatePlan.running(query.name(), systemctl.instances(query.name())),
            query.by(),
            query.least(),
            query.most());
    if (changes.isEmpty()) {
      return ended(
          Outcome.ALREADY_DONE,
          "as many of %s run as may: %d to %d"
              .formatted(query.name(), query.least(), query.most()));
    }
    if (query.rehearse()) {
      return ended(Outcome.DONE, "would " + words(changes));
    }
    List<String> all = new ArrayList<>(before.orElse("").lines().toList());
    all.addAll(changes);
    notes.write(note, String.join("\n", all));
    return changed(query, changes);
  }

  private Ended changed(Scale query, List<String> changes) {
    List<String> problems = act(changes, query.limit());
    return problems.isEmpty()
        ? ended(Outcome.DONE, "did " + words(changes))
        : ended(Outcome.FAILED, String.join("; ", problems));
  }

  /** Last one first. */
  private Ended givenBack(Scale query, String note, String before) throws IOException {
    List<String> back =
        before
            .lines()
            .map(line -> (line.startsWith("+") ? "-" : "+") + line.substring(1))
            .toList()
            .reversed();
    if (query.rehearse()) {
      return ended(Outcome.DONE, "would " + words(back));
    }
    List<String> problems = act(back, query.limit());
    if (!problems.isEmpty()) {
      return ended(Outcome.FAILED, String.join("; ", problems));
    }
    notes.remove(note);
    return ended(Outcome.DONE, "did " + words(back));
  }

  /** Each within its part of the limit; one that fails does not keep the others from it. */
  private List<String> act(List<String> changes, Duration limit) {
    List<String> problems = new ArrayList<>();
    for (String change : changes) {
      Verb verb = change.startsWith("+") ? Verb.START : Verb.STOP;
      UnitPlan plan = new UnitPlan(change.substring(1), verb, verb == Verb.STOP ? UnitPlan.ANY : 0);
      Systemctl.Result result = WORK.act(plan, limit.dividedBy(changes.size()), false);
      if (result.outcome() != Outcome.DONE && result.outcome() != Outcome.ALREADY_DONE) {
        problems.add(result.detail());
      }
    }
    return problems;
  }

  private static String words(List<String> changes) {
    return String.join(
        ", ",
        changes.stream()
            .map(one -> (one.startsWith("+") ? "start " : "stop ") + one.substring(1))
            .toList());
  }

  private static Ended ended(Outcome outcome, String detail) {
    return new Ended(outcome, detail, null);
  }
}
