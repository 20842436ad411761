package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Outcome;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.rule.Rules;
import io.selfheal.rule.Toys;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The built-in rules in each mode and under guardrails, one incident at a time. */
class BuiltInModesTest {
  private static final String OBSERVE = "lost_worker: { mode: observe }";
  private static final String APPROVE =
      "lost_worker: { mode: approve, guardrails: { approval_expires: 30m } }";

  private static Rules rules(String builtIn) {
    try {
      return Toys.reader(List.of(), List.of())
          .read("rules.yaml", "built_in: { " + builtIn + " }\n");
    } catch (BadConfiguration bad) {
      throw new IllegalArgumentException(bad);
    }
  }

  /** All of them in one mode. */
  static Rules all(String mode) {
    return rules(
        Stream.of("lost_worker", "frozen_worker", "silent_worker", "stuck_jobs")
            .map(name -> name + ": { mode: " + mode + " }")
            .collect(Collectors.joining(", ")));
  }

  private static Gate gate(History history) {
    return new RuleGate(history, List::of, null, Optional.empty(), new HostClaims(List.of()));
  }

  private static Play open(io.selfheal.message.Event event, String builtIn, History history) {
    return Play.guarded(event, rules(builtIn), gate(history)).settle();
  }

  private static Play lost(String builtIn) {
    return open(Scene.lost(4711), builtIn, History.EMPTY);
  }

  private static Input seen(Liveness liveness) {
    return new Input.WorkersSeen(Scene.workers(4712, liveness));
  }

  @Test
  void oneThatObservesSaysWhatItWouldDoAndWaitsForTheSymptomToGo() {
    Play play = lost(OBSERVE);
    assertEquals(List.of(), play.acts());
    assertEquals(
        List.of("would requeue what a sweep proves stuck", "would start images.1 again"),
        play.now.incident().steps().stream().map(Incident.Step::detail).toList());
    play.tick(Duration.ofHours(3)).settle();
    assertEquals(State.VERIFYING, play.state());
    assertEquals(List.of(), play.acts());
    play.verify(4712);
    assertEquals(State.SELF_RECOVERED, play.state());
    assertTrue(play.now.incident().result().startsWith("Recovered by itself: images.1 runs"));
  }

  @Test
  void oneThatMayActAgainDoesWhatItOnlySaid() {
    Play play = lost(OBSERVE);
    play.rules = rules("lost_worker: { mode: act }");
    play.tick(Duration.ofSeconds(1)).settle();
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
    play.requeued().restarted(4712).verify(4712);
    assertEquals(State.CLOSED, play.state());
  }

  @Test
  void oneThatAsksDoesNothingBeforeItIsApprovedAlsoAfterACrash() throws IOException {
    Play play = lost(APPROVE);
    assertEquals(State.WAITING, play.state());
    assertEquals(List.of(), play.acts());
    play.tick(Duration.ofMinutes(20));
    play = Play.takeUp(play.now.incident(), play).settle();
    assertEquals(State.WAITING, play.state());
    play.with(new Input.Decided(true, "go on")).settle();
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
    Play crashed = Play.takeUp(play.now.incident(), play);
    assertEquals(List.of("requeue_jobs", "restart_worker"), crashed.settle().acts());
    crashed.requeued().restarted(4712).verify(4712);
    assertEquals(State.CLOSED, crashed.state());
  }

  @Test
  void oneApprovalIsForTheWholeAttempt() {
    Play play = open(Scene.frozen(4711), "frozen_worker: { mode: approve }", History.EMPTY);
    assertEquals(State.WAITING, play.state());
    play.with(new Input.Decided(true, "go on")).settle();
    assertEquals(List.of("stop_worker"), play.acts());
    play.stopped(4711);
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
  }

  @Test
  void whatDiesBeforeItsEndIsApprovedIsNotStartedWithoutApproval() {
    Play play = open(Scene.frozen(4711), "frozen_worker: { mode: approve }", History.EMPTY);
    play.see(Scene.lost(4711)).settle();
    assertEquals(List.of(), play.acts());
    assertEquals(State.WAITING, play.state());
    play.with(new Input.Decided(true, "go on")).settle();
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
  }

  @Test
  void rejectedIsLeftToAPerson() {
    Play play = lost(APPROVE);
    play.with(new Input.Decided(false, "I look myself")).settle();
    assertEquals(State.ESCALATED, play.state());
    assertTrue(play.now.incident().result().contains("rejected by a person: I look myself"));
    assertTrue(
        play.now.incident().steps().stream().allMatch(one -> one.outcome() == Outcome.REFUSED));
  }

  @Test
  void whatNobodyAnswersIsLeftToAPerson() {
    Play play = lost(APPROVE);
    play.tick(Duration.ofMinutes(29)).settle();
    assertEquals(State.WAITING, play.state());
    play.tick(Duration.ofMinutes(1)).settle();
    assertEquals(State.ESCALATED, play.state());
    assertTrue(play.now.incident().result().contains("nobody answered within 30 min"));
    assertEquals(List.of(), play.acts());
  }

  @Test
  void whatAPersonStartsMeanwhileIsNotStartedAgain() {
    Play play = lost(APPROVE);
    play.workers(seen(Liveness.RUNNING)).tick(Duration.ofSeconds(3)).settle();
    play.workers(seen(Liveness.RUNNING));
    assertEquals(State.VERIFYING, play.state());
    play.jobs(new Input.JobsSeen(Scene.swept(true)));
    assertEquals(State.SELF_RECOVERED, play.state(), () -> "" + play.now.incident());
  }

  @Test
  void afterTheMostAPersonHasItAndItsJobsAreSafe() {
    History one = History.EMPTY;
    Play play =
        open(Scene.lost(4711), "lost_worker: { guardrails: { most: 1, within: 10m } }", one);
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
    one = one.started("lost_worker", "worker/images.1", start(play));
    Play next =
        open(Scene.lost(4712), "lost_worker: { guardrails: { most: 1, within: 10m } }", one);
    assertEquals(List.of("requeue_jobs"), next.acts());
    next.requeued();
    assertEquals(State.ESCALATED, next.state());
    assertTrue(next.now.incident().result().contains("the most is 1"), next.now.toString());
  }

  private static History.Start start(Play play) {
    return new History.Start("restart_worker", play.world().now());
  }

  @Test
  void theVersionOfTheRuleIsRecorded() {
    assertEquals("1", lost("lost_worker: {}").now.incident().ruleVersion());
    assertTrue(lost(APPROVE).now.incident().ruleVersion().startsWith("1-"));
  }

  @Test
  void whatWaitsForItsCauseIsLinkedToIt() {
    History history =
        History.EMPTY.standing(
            new History.Open("cause", "frozen_worker", "worker/b.1", State.HEALING));
    Play play =
        open(Scene.lost(4711), "lost_worker: { guardrails: { after: [frozen_worker] } }", history);
    assertEquals(List.of(), play.acts());
    assertEquals("cause", play.now.incident().causedBy());
    play.gate = gate(History.EMPTY);
    play.tick(Duration.ofSeconds(1)).settle();
    assertEquals(List.of("requeue_jobs", "restart_worker"), play.acts());
  }
}
