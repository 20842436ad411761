package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Event;
import io.selfheal.message.Incident.State;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens, in whatever order. */
class AnyOrderProperties {
  /** What may happen next; the number chooses among what it can happen to. */
  enum Happening {
    SAVED,
    NOT_SAVED,
    DONE,
    ALREADY_DONE,
    DEFERRED,
    FAILED,
    REFUSED,
    LOST,
    FROZEN,
    RECOVERED,
    WORKERS_RUN,
    WORKERS_NONE,
    WORKERS_FROZEN,
    JOBS_CLEAN,
    JOBS_STUCK,
    JOBS_UNREADABLE,
    TICK,
    LONG_TICK,
    PAUSE,
    RESUME,
    DATABASE_BACK,
    CRASH
  }

  record Turnout(Happening happening, int choice) {}

  @Provide
  Arbitrary<List<Turnout>> turnouts() {
    Arbitrary<Happening> happenings = Arbitraries.of(Happening.class);
    Arbitrary<Happening> likely = Arbitraries.of(Happening.SAVED, Happening.DONE, Happening.TICK);
    return Combinators.combine(
            Arbitraries.oneOf(List.of(happenings, likely)), Arbitraries.integers().between(0, 9))
        .as(Turnout::new)
        .list()
        .ofMaxSize(120);
  }

  @Provide
  Arbitrary<Event> symptoms() {
    return Arbitraries.of(
        Scene.lost(1),
        Scene.frozen(1),
        Scene.silent(1, io.selfheal.message.Owner.AGENT),
        Scene.lost(1, io.selfheal.message.Owner.OTHER),
        Scene.stuck("1", "2"));
  }

  @Property(tries = 3000)
  void nothingUnsafeHappensAndAllComesToAnEnd(
      @ForAll("symptoms") Event symptom, @ForAll("turnouts") List<Turnout> turnouts) {
    Chaos chaos = new Chaos(symptom);
    for (Turnout turnout : turnouts) {
      chaos.happen(turnout.happening(), turnout.choice());
    }
    chaos.calm();
    assertTrue(chaos.play.now.finished(), () -> "still open: " + chaos.play.now);
    chaos.checkRestartLimit();
  }

  @Property(tries = 500)
  void withoutTheDatabaseItWaitsAndSaysSo(@ForAll("symptoms") Event symptom) {
    Chaos chaos = new Chaos(symptom);
    for (int i = 0; i < 200; i++) {
      chaos.happen(Happening.SAVED, 0);
      chaos.answerAll(Happening.DEFERRED);
      chaos.happen(Happening.JOBS_UNREADABLE, 0);
      chaos.happen(Happening.LONG_TICK, 0);
    }
    boolean said =
        chaos.play.now.incident().timeline().stream()
            .anyMatch(entry -> List.of("deferred", "waiting").contains(entry.kind()));
    assertTrue(said || chaos.play.now.over(), () -> "waits without a word: " + chaos.play.now);
  }

  @Property
  void restartsNeverExceedTheLimitHoweverTheyAreAsked(
      @ForAll List<@net.jqwik.api.constraints.IntRange(min = 0, max = 900) Integer> pauses) {
    List<Moment> restarts = new java.util.ArrayList<>();
    Scene.Hands hands = new Scene.Hands();
    for (int pause : pauses) {
      hands.turn(Duration.ofSeconds(pause));
      Moment now = Moment.of(hands.time());
      if (RestartLimit.judge(restarts, now, Scene.CONFIG) instanceof RestartLimit.Ruling.Allowed) {
        restarts.add(now);
      }
    }
    assertEquals(0, Chaos.excess(restarts, Scene.CONFIG));
  }

  /** Whatever happens, nobody said that it may. */
  @Property(tries = 1000)
  void whatOnlyObservesOrIsNotApprovedDoesNothing(
      @ForAll("symptoms") Event symptom,
      @ForAll("turnouts") List<Turnout> turnouts,
      @ForAll boolean asks) {
    Chaos chaos = new Chaos(symptom, BuiltInModesTest.all(asks ? "approve" : "observe"));
    turnouts.forEach(turnout -> chaos.happen(turnout.happening(), turnout.choice()));
    assertEquals(0, chaos.acts());
    assertTrue(chaos.play.state() != State.CLOSED, () -> "" + chaos.play.now);
  }

  /** What may act under its guardrails comes to an end as it did without. */
  @Property(tries = 1000)
  void underItsGuardrailsAllComesToAnEnd(
      @ForAll("symptoms") Event symptom, @ForAll("turnouts") List<Turnout> turnouts) {
    Chaos chaos = new Chaos(symptom, BuiltInModesTest.all("act"));
    turnouts.forEach(turnout -> chaos.happen(turnout.happening(), turnout.choice()));
    chaos.calm();
    assertTrue(chaos.play.now.finished(), () -> "still open: " + chaos.play.now);
    chaos.checkRestartLimit();
  }

  @Property(tries = 500)
  void pausedCaseDoesNothing(
      @ForAll("symptoms") Event symptom, @ForAll("turnouts") List<Turnout> turnouts) {
    Chaos chaos = new Chaos(symptom);
    chaos.happen(Happening.PAUSE, 0);
    for (Turnout turnout : turnouts) {
      if (turnout.happening() != Happening.RESUME) {
        chaos.happen(turnout.happening(), turnout.choice());
      }
    }
    assertEquals(0, chaos.acts());
    assertTrue(chaos.play.state() != State.CLOSED);
  }
}
