package io.selfheal.symptom;

import io.selfheal.message.HostSample.Pressure;
import io.selfheal.message.Presence;
import io.selfheal.rule.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class StallProperties {
  private static final Band SOME = new Band(0.2, 0.1);
  private static final Band FULL = new Band(0.1, 0.05);
  private static final Stall.Tasks HOST = new Stall.Tasks("host", "the host", null);

  private static StallLimit limit(int stalled, int window) {
    return new StallLimit(Duration.ofMillis(stalled), Duration.ofMillis(window));
  }

  private static Pressure means(double some, double full) {
    return new Pressure("memory", some, some, full, full);
  }

  private static Optional<Presence> read(Stall stall, Stall.Known known, long mark) {
    return stall.read(HOST, known, mark).map(Reading::presence);
  }

  /** While a word counts nothing says that it is gone; before and afterwards it changes nothing. */
  @Property
  boolean aWordNeverTakesAway(
      @ForAll @DoubleRange(max = 1) double some,
      @ForAll @DoubleRange(max = 1) double full,
      @ForAll @IntRange(min = 500, max = 10_000) int window,
      @ForAll long told,
      @ForAll @LongRange(max = 30_000) long later) {
    Stall stall = new Stall(SOME, FULL, Optional.of(limit(1, window)));
    StallWord word = new StallWord(Instant.EPOCH, told);
    long now = told + later * 1_000_000;
    Optional<Presence> without =
        read(stall, new Stall.Known(means(some, full), "", StallWord.NONE, null), now);
    Optional<Presence> with = read(stall, new Stall.Known(means(some, full), "", word, null), now);
    boolean counts = later <= window + 2_500;
    return with.equals(counts ? without.filter(Presence.PRESENT::equals) : without);
  }

  /** Neither a word nor a mean: that is not known, and is not nothing. */
  @Property
  boolean withoutMeansNothingIsKnownButAWord(
      @ForAll @IntRange(min = 500, max = 10_000) int window,
      @ForAll @LongRange(max = 30_000) long later) {
    Stall stall = new Stall(SOME, FULL, Optional.of(limit(1, window)));
    StallWord word = new StallWord(Instant.EPOCH, 0);
    Optional<Presence> now =
        read(stall, new Stall.Known(null, "why", word, null), later * 1_000_000);
    return now.equals(later <= window + 2_500 ? Optional.empty() : Optional.of(Presence.UNKNOWN));
  }

  /** A rule that never asks the kernel hears no word, and a refusal changes no verdict. */
  @Property
  boolean refusalsAreOnlyWords(
      @ForAll @DoubleRange(max = 1) double some, @ForAll @DoubleRange(max = 1) double full) {
    Stall never = new Stall(SOME, FULL, Optional.empty());
    Stall asks = new Stall(SOME, FULL, Optional.of(limit(1, 2000)));
    StallWord word = new StallWord(Instant.EPOCH, 0);
    Reading deaf =
        never.read(HOST, new Stall.Known(means(some, full), "", word, null), 1).orElseThrow();
    Reading refused =
        asks.read(HOST, new Stall.Known(means(some, full), "", StallWord.NONE, "no"), 1)
            .orElseThrow();
    return deaf.presence() == refused.presence()
        && deaf.values().equals(refused.values())
        && refused.evidence().equals(deaf.evidence() + "; the kernel does not tell of it: no");
  }
}
