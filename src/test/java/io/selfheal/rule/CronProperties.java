package io.selfheal.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDateTime;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** The library against fields worked out by hand, minute by minute. */
class CronProperties {
  private static final int DAYS = 3;

  private static Arbitrary<String> field(int least, int most, List<String> others) {
    Arbitrary<Integer> value = Arbitraries.integers().between(least, most);
    Arbitrary<Integer> step = Arbitraries.integers().between(1, 6);
    Arbitrary<String> range =
        Combinators.combine(value, value)
            .as((one, other) -> Math.min(one, other) + "-" + Math.max(one, other));
    Arbitrary<String> part =
        Arbitraries.oneOf(
            value.map(String::valueOf),
            range,
            Combinators.combine(range, step).as((of, every) -> of + "/" + every),
            step.map(every -> "*/" + every),
            others.isEmpty() ? value.map(String::valueOf) : Arbitraries.of(others));
    return Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.just("*")),
        Tuple.of(2, part),
        Tuple.of(1, part.list().ofSize(2).map(two -> String.join(",", two))));
  }

  @Provide
  Arbitrary<String> crons() {
    return Combinators.combine(
            field(0, 59, List.of()),
            field(0, 23, List.of()),
            field(1, 31, List.of()),
            field(1, 12, List.of("nov", "feb-dec", "dec")),
            field(0, 7, List.of("sun", "mon-fri", "sat")))
        .as((minute, hour, day, month, week) -> String.join(" ", minute, hour, day, month, week));
  }

  @Provide
  Arbitrary<LocalDateTime> moments() {
    return Arbitraries.integers()
        .between(0, 60 * 24 * 400)
        .map(minutes -> LocalDateTime.of(2026, 11, 25, 12, 0).plusMinutes(minutes));
  }

  @Property(tries = 1000)
  void theNextTimeIsTheFirstMinuteThatTheFieldsName(
      @ForAll("crons") String text, @ForAll("moments") LocalDateTime from) {
    Cron cron;
    try {
      cron = Cron.parse(text);
    } catch (IllegalArgumentException none) {
      boolean mixed = none.getMessage().startsWith("where both days are set");
      assertEquals(mixed ? none.getMessage() : "it never comes", none.getMessage(), text);
      return;
    }
    LocalDateTime end = from.plusDays(DAYS);
    LocalDateTime next = from.plusMinutes(1);
    while (next.isBefore(end) && !ByHand.comes(text, next)) {
      next = next.plusMinutes(1);
    }
    LocalDateTime said = cron.after(from).orElseThrow(() -> new AssertionError(text));
    assertEquals(next, said.isBefore(end) ? said : end, text);
  }
}
