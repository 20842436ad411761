package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.heal.Effect.Act;
import io.selfheal.heal.Effect.LookAtSymptom;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Manner;
import io.selfheal.message.RemedyRequests.Perform;
import io.selfheal.rule.Mode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClimbTest {
  private static Play open(Mode mode, String... remedies) {
    return Play.open(Ladders.seen(), Ladders.rules(mode, remedies)).settle();
  }

  private static Manner manner(Play play, String remedy) {
    return ((Perform) play.act(remedy).question().query()).manner();
  }

  private static Play answer(Play play, String remedy, Outcome outcome, String undo) {
    Act act = play.act(remedy);
    play.wanted.remove(act);
    return play.with(new Input.Acted(act.step(), Ladders.ending(outcome, remedy + " ran", undo)))
        .settle();
  }

  private static Play read(Play play, Input how) {
    play.tick(Duration.ofSeconds(1));
    play.take(LookAtSymptom.class);
    return play.with(how).settle();
  }

  private static Play waited(Play play, Duration time, Input how) {
    for (Duration t = Duration.ZERO;
        t.compareTo(time) < 0 && !play.state().over() && play.acts().isEmpty();
        t = t.plusSeconds(1)) {
      read(play, how);
    }
    return play;
  }

  @Test
  void remedyActsOnlyWhenItsIntentIsOnDisk() {
    Play play = Play.open(Ladders.seen(), Ladders.rules(Mode.ACT, "clear_cache"));
    assertTrue(play.acts().isEmpty());
    play.settle();
    assertEquals(Manner.DO, manner(play, "clear_cache"));
  }

  /** What runs is let finish; what has not begun waits, whatever is on disk. */
  @ParameterizedTest
  @CsvSource({
    // paused before its intent, before its act, while it runs: whether it acts
    "true, true, true, false",
    "false, true, true, false",
    "false, false, true, true",
    "false, false, false, true",
    "true, false, false, true"
  })
  void pauseHoldsWhatHasNotBegun(boolean intent, boolean act, boolean runs, boolean acts) {
    Play play = Play.open(Ladders.seen(), Ladders.rules(Mode.ACT, "clear_cache"));
    play.gate = pausing();
    play.pause = pause(intent);
    play.tick();
    play.pause = pause(act);
    play.settle().tick();
    play.settle();
    play.pause = pause(runs);
    play.tick();
    assertEquals(acts, play.acts().equals(List.of("clear_cache")), () -> "" + play.now);
    play.pause = PauseSwitch.RUNNING;
    play.tick(Duration.ofSeconds(1)).settle();
    assertEquals(List.of("clear_cache"), play.acts(), "it goes on after the pause");
  }

  private static Gate pausing() {
    return (turn, index, seen, rule) ->
        turn.world.paused() ? new Gate.Pass.Hold() : new Gate.Pass.Go();
  }

  private static Switch pause(boolean paused) {
    return paused ? new Switch(true, "deploy", Scene.NOON, null) : PauseSwitch.RUNNING;
  }

  @Test
  void takingBackIsNotHeldByAPause() {
    Play play = open(Mode.ACT, "throttle_worker");
    answer(play, "throttle_worker", Outcome.DONE, "as it was");
    play.pause = pause(true);
    read(play, Ladders.gone());
    assertEquals(Manner.UNDO, manner(play, "throttle_worker"));
  }

  @Test
  void whatIsIntendedOnDiskWaitsWhileAnotherAgentActs() {
    Play play = Play.open(Ladders.seen(), Ladders.rules(Mode.ACT, "clear_cache"));
    play.gate = Scene.held(play.gate);
    play.settle();
    assertTrue(play.acts().isEmpty());
    play.gate = (turn, index, seen, rule) -> new Gate.Pass.Go();
    play.tick(Duration.ofSeconds(1)).settle();
    assertEquals(Manner.DO, manner(play, "clear_cache"));
  }

  @Test
  void healedWhenTheSymptomIsMeasuredGone() {
    Play play = open(Mode.ACT, "clear_cache", "notify");
    answer(play, "clear_cache", Outcome.DONE, null);
    assertEquals(State.VERIFYING, play.state());
    read(play, Ladders.goneJustNow());
    assertEquals(State.VERIFYING, play.state());
    read(play, Ladders.gone());
    assertEquals(State.CLOSED, play.state());
    assertTrue(play.told.contains("incident.verified"));
  }

  @Test
  void symptomThatIsSaidToBeGoneIsReadAtOnce() {
    Play play = open(Mode.ACT, "clear_cache");
    answer(play, "clear_cache", Outcome.DONE, null);
    read(play, Ladders.there());
    assertFalse(play.wants(LookAtSymptom.class));
    play.with(new Input.Seen(Ladders.cleared())).settle();
    assertEquals(State.VERIFYING, play.state());
    play.take(LookAtSymptom.class);
    play.with(Ladders.gone()).settle();
    assertEquals(State.CLOSED, play.state());
  }

  @Test
  void remedyThatLiesIsFollowedByTheNextAndThenByAPerson() {
    Play play = open(Mode.ACT, "clear_cache", "archive_files");
    answer(play, "clear_cache", Outcome.DONE, null);
    waited(play, Ladders.VERIFY.plusSeconds(2), Ladders.there());
    assertEquals(Manner.DO, manner(play, "archive_files"));
    answer(play, "archive_files", Outcome.DONE, null);
    waited(play, Ladders.VERIFY.plusSeconds(2), Ladders.there());
    assertEquals(State.ESCALATED, play.state());
  }

  @Test
  void remedyThatFailsIsFollowedByTheNextAtOnce() {
    Play play = open(Mode.ACT, "clear_cache", "archive_files");
    answer(play, "clear_cache", Outcome.FAILED, null);
    assertEquals(Manner.DO, manner(play, "archive_files"));
  }

  @Test
  void withoutDataNothingIsVerified() {
    Play play = open(Mode.ACT, "clear_cache");
    answer(play, "clear_cache", Outcome.DONE, null);
    waited(play, Duration.ofSeconds(30), Ladders.unknown());
    assertEquals(State.VERIFYING, play.state());
  }

  @Test
  void readingFromBeforeTheRemedyTellsNothingOfIt() {
    Play play = open(Mode.ACT, "clear_cache", "archive_files");
    answer(play, "clear_cache", Outcome.DONE, null);
    waited(play, Ladders.VERIFY.plusSeconds(30), Ladders.stale());
    assertEquals(State.VERIFYING, play.state());
    read(play, Ladders.gone());
    assertEquals(State.CLOSED, play.state());
  }

  @Test
  void withoutAnyReadingTheNextRungComesInTheEnd() {
    Play play = open(Mode.ACT, "clear_cache", "archive_files");
    answer(play, "clear_cache", Outcome.DONE, null);
    waited(play, Ladders.VERIFY.plusMinutes(6), Ladders.stale());
    assertEquals(Manner.DO, manner(play, "archive_files"));
  }

  @Test
  void nothingToTryIsAPersonsAtOnce() {
    Play play = open(Mode.ACT);
    assertEquals(State.ESCALATED, play.state());
    assertTrue(String.valueOf(play.now.incident().result()).contains("no remedy is set"));
  }

  @Test
  void goneBeforeAnythingWasDoneIsNoHealing() {
    Play play = openHeld();
    read(play, Ladders.gone());
    assertEquals(State.SELF_RECOVERED, play.state());
    assertFalse(play.told.contains("incident.remedy_started"));
  }

  private static Play openHeld() {
    Play play = Play.held(Ladders.seen(), Ladders.rules(Mode.APPROVE, "clear_cache"));
    return play.settle();
  }

  @Test
  void approvalIsAskedForOnceAndLasts() throws Exception {
    Play play = openHeld();
    assertEquals(State.WAITING, play.state());
    play.tick(Duration.ofMinutes(1)).settle();
    assertEquals(
        1,
        play.now.incident().timeline().stream()
            .filter(entry -> entry.kind().equals("asked"))
            .count());
    assertEquals(1, play.told.stream().filter("incident.asked"::equals).count());
    play.with(new Input.Decided(true, "go on")).settle();
    assertEquals(Manner.DO, manner(play, "clear_cache"));
    Play next = Play.takeUp(play.now.incident(), play).settle();
    assertEquals(Manner.FINISH, manner(next, "clear_cache"));
  }

  @Test
  void rejectedIsAPersons() {
    Play play = openHeld();
    play.with(new Input.Decided(false, "not today")).settle();
    assertEquals(State.ESCALATED, play.state());
    assertTrue(play.acts().isEmpty());
  }

  @Test
  void observedIsRehearsedAndNeverDone() {
    Play play =
        Play.rehearsed(Ladders.seen(), Ladders.rules(Mode.OBSERVE, "clear_cache", "notify"));
    play.settle();
    assertEquals(Manner.REHEARSE, manner(play, "clear_cache"));
    answer(play, "clear_cache", Outcome.DONE, "undo");
    assertEquals(Manner.REHEARSE, manner(play, "notify"));
    answer(play, "notify", Outcome.DONE, null);
    read(play, Ladders.gone());
    assertEquals(State.SELF_RECOVERED, play.state());
    assertFalse(play.told.contains("incident.remedy_started"));
  }

  @Test
  void throttleIsLiftedBeforeTheEnd() {
    Play play = open(Mode.ACT, "throttle_worker");
    answer(play, "throttle_worker", Outcome.DONE, "cpu was 100");
    read(play, Ladders.gone());
    assertEquals(Manner.UNDO, manner(play, "throttle_worker"));
    assertFalse(play.state().over());
    answer(play, "throttle_worker", Outcome.DONE, null);
    assertEquals(State.CLOSED, play.state());
  }

  @Test
  void throttleIsLiftedByTheNextRunOfTheAgent() throws Exception {
    Play play = open(Mode.ACT, "throttle_worker");
    answer(play, "throttle_worker", Outcome.DONE, "cpu was 100");
    read(play, Ladders.gone());
    Play next = Play.takeUp(play.now.incident(), play).settle();
    assertEquals(Manner.UNDO, manner(next, "throttle_worker"));
    answer(next, "throttle_worker", Outcome.DONE, null);
    assertEquals(State.CLOSED, next.state());
  }

  @Test
  void throttleThatCannotBeLiftedIsAPersons() {
    Play play = open(Mode.ACT, "throttle_worker");
    answer(play, "throttle_worker", Outcome.DONE, "cpu was 100");
    read(play, Ladders.gone());
    for (int i = 0; i < 20 && !play.state().over(); i++) {
      if (!play.acts().isEmpty()) {
        answer(play, "throttle_worker", Outcome.FAILED, null);
      }
      play.tick(Duration.ofSeconds(10)).settle();
    }
    assertEquals(State.ESCALATED, play.state());
    assertTrue(String.valueOf(play.now.incident().result()).contains("could not be taken back"));
  }

  @Test
  void putOffForEverIsFailed() {
    Play play = open(Mode.ACT, "restart_worker");
    for (int i = 0; i < 50 && !play.state().over(); i++) {
      if (!play.acts().isEmpty()) {
        answer(play, "restart_worker", Outcome.DEFERRED, null);
      }
      play.tick(Duration.ofSeconds(10)).settle();
    }
    assertEquals(State.ESCALATED, play.state());
  }

  @Test
  void ruleThatIsTakenOutLeavesItToAPerson() {
    Play play = open(Mode.ACT, "clear_cache");
    answer(play, "clear_cache", Outcome.DONE, null);
    play.rules = Scene.BOOK.now();
    play.tick(Duration.ofSeconds(1));
    assertEquals(State.ESCALATED, play.state());
  }

  @Test
  void refusedByAGuardrailIsAPersons() {
    Play play = Play.refused(Ladders.seen(), Ladders.rules(Mode.ACT, "clear_cache"));
    play.settle();
    assertEquals(State.ESCALATED, play.state());
    assertTrue(play.acts().isEmpty());
  }
}
