package io.selfheal.symptom;

import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample.Pressure;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.rule.Reading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When waiting for memory counts. Pure.
 *
 * @param limit from which stall on the kernel tells by itself; empty when it need not
 */
record Stall(Band some, Band full, Optional<StallLimit> limit) {
  /**
   * Who is judged.
   *
   * @param whose of the host, or of which control group
   * @param process that the group is judged for; null for the host
   */
  record Tasks(String subject, String whose, @Nullable ProcessIdentity process) {}

  /**
   * What is known of their waiting.
   *
   * @param means over ten seconds; null when there are none
   * @param missing why there are none
   * @param word what the kernel told by itself
   * @param refused why it would not tell by itself; null when it would, or need not
   */
  record Known(
      @Nullable Pressure means, String missing, StallWord word, @Nullable String refused) {}

  /** Whether what the kernel told is as much as this one asks for, or more. */
  boolean heeds(HostEvent.Stalled stalled) {
    return limit.filter(each -> each.within(stalled.stalled(), stalled.window())).isPresent();
  }

  /** What the kernel tells by itself: it is there. */
  Reading told(Tasks tasks, Known known) {
    return reading(tasks, known, Presence.PRESENT, true);
  }

  /**
   * What the means say.
   *
   * <p>While a word of the kernel counts, they only can say that it is there. Otherwise nothing is
   * said until the next word must have come: time counts from word to word, and that of a single
   * spike is none; nor is it gone meanwhile.
   *
   * @param mark now
   * @return empty when nothing is said
   */
  Optional<Reading> read(Tasks tasks, Known known, long mark) {
    boolean counts = limit.filter(each -> known.word().counts(each, mark)).isPresent();
    Presence presence = byMeans(known.means());
    return counts && presence != Presence.PRESENT
        ? Optional.empty()
        : Optional.of(reading(tasks, known, presence, counts));
  }

  private Reading reading(Tasks tasks, Known known, Presence presence, boolean told) {
    Pressure means = known.means();
    Map<String, Double> values = new LinkedHashMap<>();
    if (means != null) {
      values.put("memory_some_share", means.someTenSeconds());
      values.put("memory_full_share", means.fullTenSeconds());
    }
    if (told) {
      limit.ifPresent(each -> values.put("memory_stalled_seconds", seconds(each)));
    }
    String evidence = told ? word(tasks, known) : shares(tasks, known);
    return new Reading(
        tasks.subject(), presence, evidence + refusal(known), values, tasks.process());
  }

  private Presence byMeans(@Nullable Pressure means) {
    return means == null
        ? Presence.UNKNOWN
        : Band.any(List.of(some.of(means.someTenSeconds()), full.of(means.fullTenSeconds())));
  }

  private static double seconds(StallLimit limit) {
    return limit.stalled().toMillis() / 1e3;
  }

  private String word(Tasks tasks, Known known) {
    String means = known.means() == null ? "" : "; " + shares(known.means());
    return limit
        .map(
            each ->
                "the kernel told at %s that tasks of %s had waited for memory for %d ms within %d ms"
                    .formatted(
                        known.word().at(),
                        tasks.whose(),
                        each.stalled().toMillis(),
                        each.window().toMillis()))
        .map(text -> text + means)
        .orElse("");
  }

  private static String shares(Tasks tasks, Known known) {
    return known.means() == null
        ? known.missing()
        : "tasks of %s waited for memory %s".formatted(tasks.whose(), shares(known.means()));
  }

  private static String shares(Pressure means) {
    return "%s of the last ten seconds, all of them at once %s"
        .formatted(Amounts.share(means.someTenSeconds()), Amounts.share(means.fullTenSeconds()));
  }

  private static String refusal(Known known) {
    return known.refused() == null ? "" : "; the kernel does not tell of it: " + known.refused();
  }
}
