package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Wait;
import io.selfheal.rule.Limits;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Many subjects that fall sick at once have one cause, or the one who looks at them has. One
 * subject with many symptoms is no storm.
 */
final class StormCheck {
  /** So many subjects are told. */
  private static final int TOLD = 5;

  private StormCheck() {}

  /**
   * Many symptoms at once.
   *
   * @param subjects with a new symptom, newest first
   * @param until the mark at which it is over, if no other comes
   * @param reason in words for an operator
   */
  record Storm(List<String> subjects, long until, String reason) {
    Storm {
      subjects = List.copyOf(subjects);
    }

    /** Whether an incident is about one of those that fell sick in it. */
    boolean struck(Case one) {
      return subjects.contains(one.incident().subject()) && Storms.counts(one);
    }
  }

  static Ruling judge(History history, Around around) {
    return judge(history, around.limits(), around.now());
  }

  static Ruling judge(History history, Limits limits, Moment now) {
    Optional<Storm> storm = found(history, limits, now);
    if (storm.isEmpty()) {
      return new Allowed("no storm of symptoms");
    }
    long until = storm.get().until();
    return Storms.standing(history)
        .map(open -> new Wait(until, told(open), open.incidentId()))
        .orElseGet(() -> new Wait(until, storm.get().reason()));
  }

  /** Always the same: it goes on the incident of each that is held. */
  private static String told(History.Open storm) {
    return "it is one of many that fell sick at once (incident %s): held until no more do"
        .formatted(Words.tail(storm.incidentId()));
  }

  /** The storm that goes on. */
  static Optional<Storm> found(History history, Limits limits, Moment now) {
    List<Map.Entry<String, Moment>> lately =
        history.openings().entrySet().stream()
            .filter(opening -> now.since(opening.getValue()).compareTo(limits.stormWithin()) < 0)
            .sorted(
                Comparator.comparing((Map.Entry<String, Moment> one) -> now.since(one.getValue()))
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    if (lately.size() < limits.storm()) {
      return Optional.empty();
    }
    List<String> subjects = lately.stream().map(Map.Entry::getKey).toList();
    long until = lately.get(limits.storm() - 1).getValue().in(limits.stormWithin());
    return Optional.of(new Storm(subjects, until, reason(subjects, limits)));
  }

  private static String reason(List<String> subjects, Limits limits) {
    return ("%d subjects fell sick within %s (%s): rather one cause, or the agent that does not"
            + " see well, than so many faults")
        .formatted(
            subjects.size(), Words.duration(limits.stormWithin()), Words.subjects(subjects, TOLD));
  }
}
