package io.selfheal.job;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BrakeProperties {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** What was seen, or looked for and not seen, so long after the input before. */
  record Input(Trouble trouble, boolean seen, Duration later) {}

  private static Brake after(List<Input> inputs, long start) {
    Brake brake = Brake.released(LONGEST);
    long now = start;
    for (Input input : inputs) {
      now += input.later().toNanos();
      brake =
          input.seen()
              ? brake.seen(input.trouble(), "because", now)
              : brake.gone(input.trouble(), now);
    }
    return brake;
  }

  private static long end(List<Input> inputs, long start) {
    return start + inputs.stream().mapToLong(input -> input.later().toNanos()).sum();
  }

  @Property
  boolean whatIsSeenNowHoldsGuessesUnlessItMayBeOutlived(
      @ForAll("inputs") List<Input> inputs, @ForAll Trouble trouble) {
    long now = end(inputs, 0);
    Brake brake = after(inputs, 0).seen(trouble, "now", now);
    return trouble.outlived() || brake.guesses(now).isPresent();
  }

  @Property
  boolean whenAllIsGoneAndQuietNothingIsHeld(@ForAll("inputs") List<Input> inputs) {
    long now = end(inputs, 0);
    Brake brake = after(inputs, 0);
    for (Trouble trouble : Trouble.values()) {
      brake = brake.gone(trouble, now);
    }
    long later = now + Duration.ofMinutes(1).toNanos();
    return brake.guesses(later).isEmpty() && brake.proofs().isEmpty();
  }

  @Property
  boolean proofsAreHeldOnlyWhereGuessesAre(@ForAll("inputs") List<Input> inputs) {
    Brake brake = after(inputs, 0);
    return brake.proofs().isEmpty() || brake.guesses(end(inputs, 0)).isPresent();
  }

  @Property
  boolean onlyDifferencesOfMarksMatter(@ForAll("inputs") List<Input> inputs, @ForAll long start) {
    return after(inputs, 0)
        .guesses(end(inputs, 0))
        .equals(after(inputs, start).guesses(end(inputs, start)));
  }

  @Provide
  Arbitrary<List<Input>> inputs() {
    return Combinators.combine(
            Arbitraries.of(Trouble.class),
            Arbitraries.of(true, false),
            Arbitraries.longs().between(0, 400).map(Duration::ofSeconds))
        .as(Input::new)
        .list()
        .ofMaxSize(30);
  }
}
