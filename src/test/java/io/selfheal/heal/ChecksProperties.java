package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Outcome;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Whatever happens, in whatever order, no bound is exceeded. */
class ChecksProperties {
  enum Happening {
    SYMPTOM,
    ATTEMPT,
    DONE,
    FAILED,
    DEFERRED,
    HEALED,
    ESCALATED,
    TIME,
    PAUSE,
    RESUME,
    FORGET,
    CLOCK_BACK,
    CLOCK_AHEAD,
    RESTART
  }

  record Turnout(Happening happening, int choice) {}

  private static final List<Duration> TIMES =
      List.of(
          Duration.ofMillis(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(7),
          Duration.ofSeconds(20),
          Duration.ofMinutes(1),
          Duration.ofMinutes(3),
          Duration.ofMinutes(11),
          Duration.ofMinutes(70),
          Duration.ofHours(9));

  @Provide
  Arbitrary<List<Turnout>> turnouts() {
    Arbitrary<Happening> likely =
        Arbitraries.of(
            Happening.SYMPTOM,
            Happening.ATTEMPT,
            Happening.ATTEMPT,
            Happening.TIME,
            Happening.DONE,
            Happening.HEALED,
            Happening.RESUME);
    return Combinators.combine(
            Arbitraries.oneOf(List.of(Arbitraries.of(Happening.class), likely, likely)),
            Arbitraries.integers().between(0, 1000))
        .as(Turnout::new)
        .list()
        .ofMinSize(20)
        .ofMaxSize(300);
  }

  /** A clock set back, however often, loosens nothing, over any number of restarts. */
  @Property(tries = 500)
  void noBoundIsExceededOverRestartsAndAClockSetBack(@ForAll("turnouts") List<Turnout> turnouts) {
    Watchman watchman = new Watchman();
    turnouts.stream()
        .filter(turnout -> turnout.happening() != Happening.CLOCK_AHEAD)
        .forEach(turnout -> happen(watchman, turnout));
    Statistics.label("started").collect(Math.min(10, watchman.started));
  }

  /** Nor does any setting of the clock, while the agent runs or while it is away. */
  @Property(tries = 500)
  void noBoundIsExceededOverRestartsOfTheAgentHoweverTheClockIsSet(
      @ForAll("turnouts") List<Turnout> turnouts) {
    Watchman watchman = new Watchman();
    for (Turnout turnout : turnouts) {
      if (turnout.happening() == Happening.RESTART) {
        watchman.restart();
      } else {
        happen(watchman, turnout);
      }
    }
    Statistics.label("started").collect(Math.min(10, watchman.started));
  }

  /** While the agent runs, the time of day does not matter at all. */
  @Property(tries = 500)
  void noBoundIsExceededWhileTheTimeOfDayJumps(@ForAll("turnouts") List<Turnout> turnouts) {
    Watchman watchman = new Watchman();
    turnouts.stream()
        .filter(turnout -> turnout.happening() != Happening.RESTART)
        .forEach(turnout -> happen(watchman, turnout));
  }

  private static void happen(Watchman watchman, Turnout turnout) {
    int choice = turnout.choice();
    Duration time = TIMES.get(choice % TIMES.size());
    switch (turnout.happening()) {
      case SYMPTOM -> watchman.symptom(choice % 4, choice / 4 % Watchman.PROCESSES);
      case ATTEMPT -> watchman.attempt(choice);
      case DONE -> watchman.ends(choice, Outcome.DONE);
      case FAILED -> watchman.ends(choice, Outcome.FAILED);
      case DEFERRED -> watchman.ends(choice, Outcome.DEFERRED);
      case HEALED -> watchman.over(choice, true);
      case ESCALATED -> watchman.over(choice, false);
      case TIME -> watchman.pass(time);
      case PAUSE -> watchman.pause(true);
      case RESUME -> watchman.pause(false);
      case FORGET -> watchman.forget();
      case CLOCK_BACK -> watchman.turnClock(time.negated());
      case CLOCK_AHEAD -> watchman.turnClock(time);
      case RESTART -> watchman.reboot((choice - 500L) << 53);
    }
  }

  /** What stands in one's way does not stand there for ever: a wait with a mark ends with it. */
  @Property(tries = 500)
  void aWaitWithAnEndEndsThen(@ForAll("gaps") List<Duration> gaps) {
    Guarded guarded = new Guarded(Guarded.guards("cooldown: 10s, within: 1m, most: 1000"));
    Duration passed = Duration.ZERO;
    for (Duration gap : gaps) {
      passed = passed.plus(gap);
      for (int i = 0; guarded.sum(Guarded.at(passed)) instanceof Ruling.Wait wait; i++) {
        assertTrue(i < 3, "it is put off again and again");
        Duration until = Duration.ofNanos(wait.until());
        assertTrue(until.compareTo(passed) > 0, "it waits for what is past");
        passed = until;
      }
      guarded.started(passed.toNanos() / 60e9);
    }
  }

  @Provide
  Arbitrary<List<Duration>> gaps() {
    return Arbitraries.of(TIMES).list().ofMaxSize(40);
  }

  /** What is forgotten was not counted. */
  @Property(tries = 500)
  void forgettingChangesNoRuling(@ForAll("gaps") List<Duration> gaps) {
    Guarded guarded = new Guarded(Guarded.guards("cooldown: 1m, within: 3h, most: 4, debt: 3"));
    Duration passed = Duration.ZERO;
    for (Duration gap : gaps) {
      passed = passed.plus(gap);
      Moment now = Guarded.at(passed);
      List<Checked> before = guarded.all(now);
      History kept = guarded.history;
      guarded.history =
          kept.forgotten(Guarded.rules("guardrails: { cooldown: 1m, within: 3h }"), now);
      assertEquals(
          before.stream().map(one -> one.ruling().getClass()).toList(),
          guarded.all(now).stream().map(one -> one.ruling().getClass()).toList());
      guarded.history =
          kept.healed("a", Guarded.SUBJECT, now)
              .appeared(Guarded.SUBJECT, now)
              .started("a", Guarded.SUBJECT, new History.Start("notify", now));
    }
  }
}
