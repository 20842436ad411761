package io.selfheal.heal;

import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.JobRequests.Unswept;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How long an incident waits for sources that could not, or not wholly, be swept. Pure. It waits
 * for none for ever: what is stuck in a source is seen when it can be read again, and is then an
 * incident of its own.
 */
sealed interface Patience {
  /** So many tries take about 40 seconds: a restart of a server, a short migration. */
  int FEW = 10;

  /** So many tries take about an hour; of those that come soon, 12 minutes. */
  int MANY = 720;

  /**
   * Nothing stands in the way.
   *
   * @param unswept what was not swept and is not waited for, and why; empty when all was swept
   */
  record Over(String unswept) implements Patience {}

  /**
   * They are asked again.
   *
   * @param soon within a second each time, for what stands in the way passes in a moment
   */
  record Waits(String why, boolean soon) implements Silence {
    /** Less and less often. */
    Waits(String why) {
      this(why, false);
    }
  }

  /** It was in vain: a person has it. */
  record Spent(String why) implements Silence {}

  /** What it can mean that there is no answer. */
  sealed interface Silence extends Patience {}

  /**
   * What an answer means.
   *
   * @param tries how many before it in a row had to be put off
   */
  static Patience of(Swept swept, int tries) {
    Map<Stand, Map<String, String>> stands = new EnumMap<>(Stand.class);
    swept
        .problems()
        .forEach(
            (source, why) ->
                stands
                    .computeIfAbsent(stand(swept, source, tries), any -> new TreeMap<>())
                    .put(source, why));
    if (stands.containsKey(Stand.AWAITED)) {
      Map<String, String> awaited = stands.get(Stand.AWAITED);
      // Rows are mostly locked for less than it takes to ask again.
      boolean soon = awaited.keySet().stream().allMatch(swept::waitsForRows);
      return new Waits(said(awaited), soon);
    }
    if (stands.containsKey(Stand.IN_VAIN)) {
      return spent(said(stands.get(Stand.IN_VAIN)), tries);
    }
    Map<String, String> others = new TreeMap<>(stands.getOrDefault(Stand.PASSED_OVER, Map.of()));
    others.keySet().removeIf(source -> unrelated(swept, source));
    return new Over(said(others));
  }

  /** A broken source that nothing ties to the incident tells of itself, once, as a component. */
  private static boolean unrelated(Swept swept, String source) {
    Unswept one = swept.unswept().get(source);
    return one != null && !one.bound() && !one.only() && one.hindrance() == Hindrance.UNFIT;
  }

  /** What it means that there is no answer at all. */
  static Silence silent(String why, int tries) {
    return tries < MANY ? new Waits(why) : spent(why, tries);
  }

  private static Silence spent(String why, int tries) {
    return new Spent(tries == 0 ? why : why + "; given up after " + tries + " tries");
  }

  /** What one source means for the whole. */
  enum Stand {
    AWAITED,
    IN_VAIN,
    PASSED_OVER
  }

  private static Stand stand(Swept swept, String source, int tries) {
    Unswept one = swept.unswept().get(source);
    if (one == null) {
      return within(tries, MANY, Stand.IN_VAIN);
    }
    return switch (one.hindrance()) {
      case GONE -> Stand.IN_VAIN;
      // Nobody can tell that this incident's jobs are there, and only a person can mend it.
      case UNFIT -> one.bound() ? within(tries, FEW, Stand.IN_VAIN) : Stand.PASSED_OVER;
      // It is tried again once a minute, and told by the source itself.
      case REFUSED -> within(tries, FEW, one.bound() ? Stand.IN_VAIN : Stand.PASSED_OVER);
      case AWAY ->
          one.bound() ? within(tries, MANY, Stand.IN_VAIN) : within(tries, FEW, Stand.PASSED_OVER);
      // What is held back is proven stuck, and may be of this incident, whosever the source is.
      case HELD -> within(tries, MANY, Stand.IN_VAIN);
      // Whoever has the rows for longer has forgotten them.
      case LOCKED -> within(tries, MANY, Stand.IN_VAIN);
    };
  }

  private static Stand within(int tries, int most, Stand after) {
    return tries < most ? Stand.AWAITED : after;
  }

  private static String said(Map<String, String> problems) {
    return problems.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("; "));
  }
}
