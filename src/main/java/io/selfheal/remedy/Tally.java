package io.selfheal.remedy;

import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import java.util.ArrayList;
import java.util.List;

/** Sums up what was done to one target after another. */
final class Tally {
  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final List<String> undo = new ArrayList<>();

  /** Takes in one; answers whether the next may follow: what went wrong once is not repeated. */
  boolean add(Outcome outcome, String line) {
    outcomes.add(outcome);
    lines.add(line);
    return goesOn(outcome);
  }

  private static boolean goesOn(Outcome outcome) {
    return outcome == Outcome.DONE || outcome == Outcome.ALREADY_DONE;
  }

  /** What is needed to take the last one back. */
  void undo(String line) {
    undo.add(line);
  }

  /**
   * The sum.
   *
   * @param all how many targets there are
   */
  Performed sum(int all) {
    Outcome outcome = outcome();
    String left = undo.isEmpty() ? null : String.join("\n", undo);
    if (all == 1 || lines.size() == 1) {
      String rest = all > lines.size() ? "; the other " + (all - lines.size()) + " are left" : "";
      return new Performed(outcome, lines.getFirst() + rest, List.of(), left);
    }
    String detail =
        "%d of %d done; the last: %s"
            .formatted(outcomes.stream().filter(Tally::goesOn).count(), all, lines.getLast());
    return new Performed(outcome, detail, lines, left);
  }

  private Outcome outcome() {
    return outcomes.stream()
        .filter(one -> !goesOn(one))
        .findFirst()
        .orElse(outcomes.contains(Outcome.DONE) ? Outcome.DONE : Outcome.ALREADY_DONE);
  }
}
