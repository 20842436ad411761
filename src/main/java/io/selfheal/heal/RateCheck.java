package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Wait;
import io.selfheal.rule.BuiltIn;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** So many remedies a minute, of all rules of the file together, or of all built-in ones. */
final class RateCheck {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private RateCheck() {}

  static Ruling judge(Attempt attempt, History history, Around around) {
    boolean builtIn = BuiltIn.named(attempt.rule().name()).isPresent();
    Moment now = around.now();
    int most = around.limits().perMinute();
    List<Moment> lately =
        history.starts().entrySet().stream()
            .filter(starts -> BuiltIn.named(starts.getKey().rule()).isPresent() == builtIn)
            .flatMap(starts -> lately(starts.getValue(), now))
            .sorted(Comparator.comparing(now::since))
            .toList();
    String told = "%d of %d remedies within a minute".formatted(lately.size(), most);
    return lately.size() < most
        ? new Allowed(told)
        : new Wait(
            lately.get(most - 1).in(MINUTE),
            told + (builtIn ? ", of the built-in rules together" : ", of all rules together"));
  }

  /** Newest first, so that a long history is not walked through. */
  private static Stream<Moment> lately(List<History.Start> all, Moment now) {
    return all.reversed().stream()
        .map(History.Start::at)
        .takeWhile(at -> now.since(at).compareTo(MINUTE) < 0);
  }
}
