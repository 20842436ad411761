package io.selfheal.symptom;

import io.selfheal.message.Presence;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ConditionProperties {
  /** A reading so many milliseconds after the one before. */
  record Step(Presence presence, int later) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Presence> presences =
        Arbitraries.of(Presence.PRESENT, Presence.ABSENT, Presence.BETWEEN, Presence.UNKNOWN);
    return Combinators.combine(presences, Arbitraries.integers().between(0, 3000))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  /** What it counts is what an observer adds up who keeps all readings. */
  @Property
  boolean itIsSeenExactlyWhenItHeldForLongEnough(
      @ForAll("steps") List<Step> steps,
      @ForAll @IntRange(max = 8000) int lasting,
      @ForAll @IntRange(max = 8000) int clear) {
    Condition now = Condition.NEW;
    boolean seen = false;
    long there = 0;
    long gone = 0;
    Presence run = Presence.BETWEEN;
    Presence before = Presence.UNKNOWN;
    long mark = 0;
    for (Step step : steps) {
      mark += step.later() * 1_000_000L;
      now = now.next(step.presence(), mark, Duration.ofMillis(lasting), Duration.ofMillis(clear));
      if (step.presence() != Presence.UNKNOWN) {
        boolean same = step.presence() == run;
        long passed = same && before == run ? step.later() : 0;
        there = step.presence() == Presence.PRESENT ? (same ? there + passed : 0) : 0;
        gone = step.presence() == Presence.ABSENT ? (same ? gone + passed : 0) : 0;
        run = step.presence();
        seen = seen || (step.presence() == Presence.PRESENT && there >= lasting);
        seen = seen && !(step.presence() == Presence.ABSENT && gone >= clear);
      }
      before = step.presence();
      if (now.seen() != seen || now.there().toMillis() != there || now.gone().toMillis() != gone) {
        return false;
      }
    }
    return true;
  }

  @Property
  boolean itIsNeverThereAndGoneAtOnce(@ForAll("steps") List<Step> steps) {
    Condition now = Condition.NEW;
    long mark = 0;
    for (Step step : steps) {
      mark += step.later() * 1_000_000L;
      now = now.next(step.presence(), mark, Duration.ofSeconds(2), Duration.ofSeconds(2));
      if (!now.there().isZero() && !now.gone().isZero()) {
        return false;
      }
    }
    return true;
  }

  @Property
  boolean noDataChangesNothing(@ForAll("steps") List<Step> steps, @ForAll @IntRange int later) {
    Condition now = Condition.NEW;
    long mark = 0;
    for (Step step : steps) {
      mark += step.later() * 1_000_000L;
      now = now.next(step.presence(), mark, Duration.ofSeconds(2), Duration.ofSeconds(2));
    }
    Condition then =
        now.next(Presence.UNKNOWN, mark + later, Duration.ofSeconds(2), Duration.ofSeconds(2));
    return then.seen() == now.seen()
        && then.there().equals(now.there())
        && then.gone().equals(now.gone());
  }
}
