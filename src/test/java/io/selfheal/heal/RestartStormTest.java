package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.heal.History.Open;
import io.selfheal.heal.History.Start;
import io.selfheal.heal.StormCheck.Storm;
import io.selfheal.message.Incident.State;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Twenty processes of one worker die together. */
class RestartStormTest {
  private static final int WORKERS = 20;
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration RESTART = Duration.ofSeconds(3);
  private static final Rules RULES =
      Guarded.rules(
          "symptom: worker_lost, guardrails: { after: [b], share: 25% }", "symptom: database_sick");
  private static final Rule RULE = RULES.all().getFirst();

  private final List<Duration> starts = new ArrayList<>();
  private final Set<Integer> down = new HashSet<>();
  private final List<Integer> inHand = new ArrayList<>();
  private final List<Duration> until = new ArrayList<>();
  private History history = History.EMPTY;
  private int atOnce;

  private static String subject(int worker) {
    return "worker/images." + worker;
  }

  private void die() {
    for (int i = 0; i < WORKERS; i++) {
      Moment at = Guarded.at(Duration.ofMillis(10L * i));
      down.add(i);
      history = history.appeared(subject(i), at).standing(open(i));
    }
  }

  private static Open open(int worker) {
    return new Open("incident-" + worker, RULE.name(), subject(worker), State.OPENED);
  }

  private List<Checked> judge(int worker, Moment now) {
    int running = WORKERS - down.size();
    Crew crew = new Crew("images", OptionalInt.of(running), inHand.size(), false);
    Attempt attempt =
        new Attempt(
            RULE, "restart_worker", subject(worker), "incident-" + worker, 1, new Consent.None());
    return Checks.judge(
        attempt,
        history,
        new Around(now, PauseSwitch.RUNNING, Optional.empty(), crew, Limits.DEFAULT));
  }

  /** Each tick every incident is tried, and a restart that was begun is over in its time. */
  private void go(Duration from, Duration to) {
    for (Duration passed = from; passed.compareTo(to) < 0; passed = passed.plus(TICK)) {
      Moment now = Guarded.at(passed);
      end(passed);
      for (int worker : List.copyOf(down)) {
        if (!inHand.contains(worker) && Checks.sum(judge(worker, now)) instanceof Ruling.Allowed) {
          history = history.started(RULE.name(), subject(worker), new Start("restart_worker", now));
          inHand.add(worker);
          until.add(passed.plus(RESTART));
          starts.add(passed);
          atOnce = Math.max(atOnce, inHand.size());
        }
      }
    }
  }

  private void end(Duration passed) {
    for (int i = inHand.size() - 1; i >= 0; i--) {
      if (until.get(i).compareTo(passed) <= 0) {
        int worker = inHand.remove(i);
        until.remove(i);
        down.remove(worker);
        history =
            history
                .over("incident-" + worker)
                .healed(RULE.name(), subject(worker), Guarded.at(passed));
      }
    }
  }

  @Test
  void theStormIsOneThingWithOneReasonAndNothingStartsWhileItGoesOn() {
    die();
    go(Duration.ofMillis(200), Duration.ofSeconds(10));
    assertEquals(List.of(), starts);
    Moment now = Guarded.seconds(1);
    Storm storm = StormCheck.found(history, Limits.DEFAULT, now).orElseThrow();
    Set<String> all = new HashSet<>(storm.subjects());
    assertEquals(WORKERS, storm.subjects().size());
    IntStream.range(0, WORKERS).forEach(i -> assertTrue(all.contains(subject(i))));
    for (int i = 0; i < WORKERS; i++) {
      Ruling.Wait wait = assertInstanceOf(Ruling.Wait.class, Checks.sum(judge(i, now)));
      assertEquals(storm.reason(), wait.reason());
      assertEquals(storm.until(), wait.until());
    }
    assertTrue(storm.reason().startsWith("20 subjects fell sick within 10.0 s (images.19, "));
    assertEquals(Guarded.seconds(10.1).mark(), storm.until());
  }

  @Test
  void whatIsStillDownAfterItIsRestartedAFewAtATime() {
    die();
    go(Duration.ofMillis(200), Duration.ofMinutes(5));
    assertEquals(WORKERS, starts.size(), "each once");
    assertEquals(Set.of(), down);
    assertTrue(atOnce <= WORKERS / 4, () -> atOnce + " at once");
    for (Duration start : starts) {
      long within =
          starts.stream()
              .filter(other -> other.compareTo(start) <= 0)
              .filter(other -> start.minus(other).compareTo(Duration.ofMinutes(1)) < 0)
              .count();
      assertTrue(within <= Limits.DEFAULT.perMinute(), () -> within + " within a minute");
    }
    Duration last = starts.getLast();
    assertTrue(last.compareTo(Duration.ofMinutes(2)) < 0, () -> "the last after " + last);
  }

  @Test
  void whereTheCauseIsKnownNoneOfThemIsTouchedUntilItIsHealed() {
    Open cause = new Open("incident-db", "b", "database", State.HEALING);
    history = history.appeared("database", Guarded.NOON).standing(cause);
    die();
    go(Duration.ofMillis(200), Duration.ofMinutes(30));
    assertEquals(List.of(), starts);
    assertEquals(Optional.of(cause), AfterCheck.cause(RULE, history));
    assertEquals(
        "Wait: its cause is healed first: b on database (incident incident-db)",
        Guarded.said(Checks.sum(judge(7, Guarded.minutes(20)))));
    history = history.over("incident-db");
    // Most came back with the cause by themselves; only three are still down.
    down.removeIf(worker -> worker > 2);
    go(Duration.ofMinutes(30), Duration.ofMinutes(31));
    assertEquals(3, starts.size());
  }
}
