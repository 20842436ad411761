package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.JobEvent;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerEvent.Lost;
import io.selfheal.message.WorkerEvent.Unresponsive;
import io.selfheal.message.WorkerEvent.Unwell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells of a storm in one sentence: how many fell sick, and what they have in common. Pure. */
final class InCommon {
  /** So many subjects are told by name. */
  private static final int TOLD = 20;

  /** What so many of them share is called common; the others may have followed them. */
  private static final double MOST = 0.8;

  private static final Pattern GROUP = Pattern.compile("oom_kill of (\\S+) rose");

  private InCommon() {}

  /**
   * The sentence.
   *
   * @param starved why the host or the agent gets too little, if it does
   * @param away services that do not answer, each with the reason
   */
  static String told(Collection<Fallen> all, Optional<String> starved, Map<String, String> away) {
    List<Fallen> fallen = List.copyOf(all);
    List<String> common = new ArrayList<>();
    common(fallen, "%d of %d: %s", InCommon::symptom).ifPresent(common::add);
    common(fallen, "%d of %d are of worker %s", InCommon::worker).ifPresent(common::add);
    common(fallen, "%d of %d %s", InCommon::end).ifPresent(common::add);
    common(fallen, "%d of %d were killed for memory in %s", InCommon::group).ifPresent(common::add);
    if (common.isEmpty()) {
      common.add("nothing that the evidence tells");
    }
    starved.ifPresent(why -> common.add(why + ", so the agent may not see well"));
    away.forEach((service, why) -> common.add(service + " does not answer (" + why + ")"));
    return "%s fell sick within %s: %s. In common: %s"
        .formatted(
            Words.count(fallen.size(), "subject"),
            Words.duration(span(fallen)),
            Words.subjects(fallen.stream().map(Fallen::subject).toList(), TOLD),
            String.join("; ", common));
  }

  private static Duration span(List<Fallen> fallen) {
    Moment first = fallen.getFirst().at();
    return fallen.stream()
        .map(one -> one.at().since(first))
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** What most of them share, if they do. */
  private static Optional<String> common(
      List<Fallen> fallen, String sentence, Function<Event, Optional<String>> part) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    fallen.forEach(
        one -> part.apply(one.cause()).ifPresent(what -> counts.merge(what, 1, Integer::sum)));
    return counts.entrySet().stream()
        .filter(one -> one.getValue() >= Math.max(2, MOST * fallen.size()))
        .max(Map.Entry.comparingByValue())
        .map(most -> sentence.formatted(most.getValue(), fallen.size(), most.getKey()));
  }

  private static Optional<String> symptom(Event cause) {
    return Optional.of(
        switch (cause) {
          case Lost lost -> "died";
          case Unresponsive unwell when unwell.reason() == Unwell.FROZEN -> "frozen";
          case Unresponsive unwell -> "silent";
          case JobEvent.Stuck stuck -> "jobs stuck";
          case SymptomEvent seen -> seen.symptom();
          default -> cause.type();
        });
  }

  private static Optional<String> worker(Event cause) {
    return Optional.ofNullable(Cause.workerOrNull(cause));
  }

  /** Without what is told in brackets or behind it: each has a pid and a counter of its own. */
  private static Optional<String> end(Event cause) {
    return cause instanceof WorkerEvent.Lost lost
        ? Optional.of(lost.evidence().split(";", 2)[0])
        : Optional.empty();
  }

  private static Optional<String> group(Event cause) {
    if (!(cause instanceof Lost lost)) {
      return Optional.empty();
    }
    Matcher matcher = GROUP.matcher(lost.evidence());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
