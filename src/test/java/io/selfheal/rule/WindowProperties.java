package io.selfheal.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A window against every single minute, around changes of the clocks. */
class WindowProperties {
  @Provide
  Arbitrary<Instant> moments() {
    // Around changes of the clocks, where something can go wrong.
    return Combinators.combine(
            Arbitraries.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
                .map(ZoneId::of),
            Arbitraries.integers().between(0, 9),
            Arbitraries.integers().between(-60 * 30, 60 * 30))
        .as(
            (zone, skip, minutes) -> {
              ZoneOffsetTransition change =
                  zone.getRules().nextTransition(Instant.parse("2026-01-01T00:00:00Z"));
              for (int i = 0; i < skip; i++) {
                change = zone.getRules().nextTransition(change.getInstant());
              }
              return change.getInstant().plus(minutes, ChronoUnit.MINUTES);
            });
  }

  @Provide
  Arbitrary<Window> windows() {
    return Combinators.combine(
            Arbitraries.of(
                "0 2 * * *",
                "30 2 * * sun",
                "*/20 1-3 * * *",
                "15 * * * *",
                "0 0 * * *",
                "45 23 28-31 3,10 *",
                "10 2 8 * mon"),
            Arbitraries.integers().between(1, 60 * 26),
            Arbitraries.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"))
        .as(
            (cron, minutes, zone) ->
                new Window(Cron.parse(cron), Duration.ofMinutes(minutes), ZoneId.of(zone)));
  }

  /** Every minute is looked at, and its time of day is held against the fields by hand. */
  @Property(tries = 400)
  void isOpenWheneverAMinuteOfItsLastBeganIt(
      @ForAll("windows") Window window, @ForAll("moments") Instant now) {
    Optional<Instant> expected = Optional.empty();
    Instant first = now.minus(window.lasts()).plusNanos(1).truncatedTo(ChronoUnit.MINUTES);
    for (Instant minute = first;
        !minute.isAfter(now) && expected.isEmpty();
        minute = minute.plus(1, ChronoUnit.MINUTES)) {
      if (minute.isAfter(now.minus(window.lasts())) && begins(window, minute)) {
        expected = Optional.of(minute);
      }
    }
    assertEquals(expected, window.begun(now), () -> window + " at " + now);
  }

  private static boolean begins(Window window, Instant minute) {
    ZonedDateTime local = minute.atZone(window.zone());
    if (ByHand.comes(window.cron().toString(), local.toLocalDateTime())) {
      return true;
    }
    for (long i = 1; i <= skippedMinutes(window, minute); i++) {
      if (ByHand.comes(window.cron().toString(), local.toLocalDateTime().minusMinutes(i))) {
        return true;
      }
    }
    return false;
  }

  /** By how much the clock jumps ahead at this minute; less than nothing when it is set back. */
  private static long skippedMinutes(Window window, Instant minute) {
    ZoneOffset before = window.zone().getRules().getOffset(minute.minusNanos(1));
    ZoneOffset after = window.zone().getRules().getOffset(minute);
    return Duration.ofSeconds(after.getTotalSeconds() - before.getTotalSeconds()).toMinutes();
  }
}
