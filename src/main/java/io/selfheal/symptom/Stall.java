package io.selfheal.symptom;

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

  /**
   * What that says. The kernel's word comes first; the means tell that it is over, and stand in
   * where there is no word.
   *
   * @param mark now
   */
  Reading judge(Tasks tasks, Known known, long mark) {
    boolean told = limit.filter(each -> known.word().counts(each, mark)).isPresent();
    Pressure means = known.means();
    if (means == null && !told) {
      return new Reading(
          tasks.subject(), Presence.UNKNOWN, known.missing(), Map.of(), tasks.process());
    }
    Map<String, Double> values = new LinkedHashMap<>();
    if (means != null) {
      values.put("memory_some_share", means.someTenSeconds());
      values.put("memory_full_share", means.fullTenSeconds());
    }
    if (told) {
      limit.ifPresent(each -> values.put("memory_stalled_seconds", seconds(each)));
    }
    Presence presence = told ? Presence.PRESENT : byMeans(means);
    return new Reading(
        tasks.subject(),
        presence,
        (told ? word(tasks, known) : "tasks of " + tasks.whose() + " waited for memory ")
            + shares(means)
            + refusal(known),
        values,
        tasks.process());
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
    return limit
        .map(
            each ->
                "the kernel told at %s that tasks of %s had waited for memory for %d ms within %d ms"
                    .formatted(
                        known.word().at(),
                        tasks.whose(),
                        each.stalled().toMillis(),
                        each.window().toMillis()))
        .map(text -> known.means() == null ? text : text + "; ")
        .orElse("");
  }

  private static String shares(@Nullable Pressure means) {
    return means == null
        ? ""
        : "%s of the last ten seconds, all of them at once %s"
            .formatted(
                Amounts.share(means.someTenSeconds()), Amounts.share(means.fullTenSeconds()));
  }

  private static String refusal(Known known) {
    return known.refused() == null ? "" : "; the kernel does not tell of it: " + known.refused();
  }
}
