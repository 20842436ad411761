package io.selfheal.heal;

import static io.selfheal.heal.Guarded.NOON;
import static io.selfheal.heal.Guarded.SUBJECT;
import static io.selfheal.heal.Guarded.minutes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.selfheal.heal.History.Open;
import io.selfheal.heal.History.Start;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.Outcome;
import io.selfheal.rule.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {
  private static Incident stored(String id, State state, Step... steps) {
    return Watchman.incident(
        id,
        "a",
        SUBJECT,
        state,
        NOON.wall(),
        state.over() ? minutes(30).wall() : null,
        List.of(steps));
  }

  private static Step step(double minute, Outcome outcome) {
    StepState state = outcome == null ? StepState.INTENDED : StepState.ENDED;
    return Watchman.step(state, 1, minutes(minute).wall(), outcome);
  }

  /** Another run of the agent: its forward clock began anew. */
  private static Moment later(Instant wall) {
    return new Moment(wall, Long.MAX_VALUE - 5);
  }

  @ParameterizedTest
  @CsvSource({
    "DONE, CLOSED, 1",
    "FAILED, ESCALATED, 1",
    ", HEALING, 1",
    ", ESCALATED, 1",
    ", SELF_RECOVERED, 0",
    "DEFERRED, HEALING, 0",
    "REFUSED, ESCALATED, 0",
    "ALREADY_DONE, CLOSED, 0",
    "UNWANTED, SELF_RECOVERED, 0"
  })
  void whatMayHaveActedCounts(Outcome outcome, State state, int starts) {
    History history =
        Recalled.history(List.of(stored("1", state, step(1, outcome))), later(minutes(40).wall()));
    assertEquals(starts, history.starts("a", SUBJECT).size());
  }

  @Test
  void whatOnlyTookSomethingBackIsNoRemedy() {
    Step throttled = step(1, Outcome.DONE);
    Step lifted =
        new Step(
            throttled.remedy(),
            throttled.target(),
            null,
            StepState.ENDED,
            1,
            minutes(20).wall(),
            minutes(21).wall(),
            Outcome.DONE,
            null,
            null,
            "what it was before");
    History history =
        Recalled.history(List.of(stored("1", State.CLOSED, throttled, lifted)), minutes(40));
    assertEquals(1, history.starts("a", SUBJECT).size());
  }

  @Test
  void whatIsStoredIsPlacedOnTheForwardClockOldestFirst() {
    Moment now = later(minutes(40).wall());
    History history =
        Recalled.history(
            List.of(
                stored("2", State.HEALING, step(25, Outcome.FAILED), step(35, null)),
                stored("1", State.CLOSED, step(10, Outcome.DONE)),
                stored("2", State.HEALING, step(25, Outcome.FAILED), step(35, null))),
            now);
    assertEquals(
        List.of(Duration.ofMinutes(30), Duration.ofMinutes(15), Duration.ofMinutes(5)),
        history.starts("a", SUBJECT).stream().map(start -> now.since(start.at())).toList());
    assertEquals(
        List.of(Duration.ofMinutes(10)),
        history.heals("a", SUBJECT).stream().map(now::since).toList());
    assertEquals(Set.of("2"), history.open().keySet());
    assertEquals(Set.of(SUBJECT), history.openings().keySet());
  }

  @Test
  void whatLiesAheadOfAClockThatWasSetBackCountsAsNow() {
    Moment now = later(NOON.wall().minusSeconds(3600));
    History history =
        Recalled.history(List.of(stored("1", State.CLOSED, step(10, Outcome.DONE))), now);
    Guarded guarded = new Guarded();
    guarded.history = history;
    Ruling.Wait wait = assertInstanceOf(Ruling.Wait.class, guarded.sum(now));
    assertEquals(now.in(Duration.ofMinutes(1)), wait.until());
  }

  @Test
  void itIsReadAsFarBackAsAnyRuleCounts() {
    assertEquals(Duration.ofDays(1), Recalled.reach(new Rules("", null, List.of())));
    assertEquals(Duration.ofDays(1), Recalled.reach(Guarded.rules("guardrails: { within: 2h }")));
    assertEquals(
        Duration.ofDays(6),
        Recalled.reach(
            Guarded.rules("guardrails: { within: 2d }", "guardrails: { cooldown: 6d }")));
  }

  @Test
  void whatWasNotDoneIsTakenBack() {
    Start one = new Start("notify", NOON);
    Start other = new Start("notify", minutes(1));
    History history = History.EMPTY.started("a", SUBJECT, one).started("a", SUBJECT, other);
    assertEquals(List.of(other), history.notStarted("a", SUBJECT, one).starts("a", SUBJECT));
    assertEquals(List.of(one, other), history.notStarted("a", "host", one).starts("a", SUBJECT));
  }

  @Test
  void anIncidentStandsAsItWasLastSaid() {
    History history =
        History.EMPTY
            .standing(new Open("1", "a", SUBJECT, State.OPENED))
            .standing(new Open("1", "a", SUBJECT, State.ESCALATED));
    assertEquals(State.ESCALATED, history.open().get("1").state());
    assertEquals(Map.of(), history.over("1").open());
  }

  @Test
  void whatNoLimitCountsIsForgotten() {
    Rules rules = Guarded.rules("guardrails: { cooldown: 0s, within: 2d }");
    History history =
        History.EMPTY
            .started("a", SUBJECT, new Start("notify", NOON))
            .started("gone", SUBJECT, new Start("notify", NOON))
            .healed("a", SUBJECT, NOON)
            .appeared(SUBJECT, NOON);
    History aDayLater = history.forgotten(rules, minutes(24 * 60));
    assertEquals(1, aDayLater.starts("a", SUBJECT).size());
    assertEquals(Set.of(new History.Key("a", SUBJECT)), aDayLater.starts().keySet());
    assertEquals(Map.of(), aDayLater.heals());
    assertEquals(Map.of(), aDayLater.openings());
    assertEquals(History.EMPTY, aDayLater.forgotten(rules, minutes(48 * 60)));
  }

  @Test
  void aRowThatGoesOnIsNotForgottenInItsMiddle() {
    Rules rules = Guarded.rules("guardrails: { cooldown: 9h, backoff: 2, within: 1d }");
    History history = History.EMPTY;
    double hour = 0;
    for (int pause : List.of(0, 9, 18, 24, 24)) {
      hour += pause;
      history = history.started("a", SUBJECT, new Start("notify", minutes(hour * 60)));
      history = history.forgotten(rules, minutes(hour * 60 + 1));
    }
    assertEquals(5, history.starts("a", SUBJECT).size());
  }

  @Test
  void itIsBounded() {
    History history = History.EMPTY;
    for (int i = 0; i < History.MOST + 20; i++) {
      Moment at = minutes(i / 100.0);
      history =
          history
              .started("a", SUBJECT, new Start("notify", at))
              .healed("a", SUBJECT, at)
              .appeared("job/images/" + i, at);
    }
    assertEquals(History.MOST, history.starts("a", SUBJECT).size());
    assertEquals(minutes(0.2), history.starts("a", SUBJECT).getFirst().at());
    assertEquals(History.MOST, history.heals("a", SUBJECT).size());
    assertEquals(History.MOST, history.openings().size());
    assertEquals(false, history.openings().containsKey("job/images/19"));
  }
}
