package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final Limits LIMITS =
      new Limits(Duration.ofMinutes(30), Duration.ofMinutes(1), 3, true, false);

  @Test
  void deadIsRescuedAtOnceHoweverFreshItsHeartbeat() {
    Judgement judgement = judge(LIMITS, job(1, 0, 1L), Ruling.DEAD).orElseThrow();
    assertEquals(Effect.REQUEUE, judgement.effect());
    assertEquals(Cause.HOLDER_DEAD, judgement.cause());
  }

  @Test
  void aliveIsLeftHoweverOld() {
    Judgement judgement = judge(LIMITS, job(86_400, null, 99L), Ruling.ALIVE).orElseThrow();
    assertEquals(Effect.LEAVE, judgement.effect());
    assertEquals(
        "slow but alive: running for 1 d, stuck_after is 30 min, and its holder lives",
        judgement.reason());
    assertTrue(judge(LIMITS, job(60, null, 99L), Ruling.ALIVE).isEmpty());
  }

  @Test
  void unknownActsFromStuckAfterOn() {
    assertTrue(judge(LIMITS, job(1799, null, 1L), Ruling.UNKNOWN).isEmpty());
    Judgement judgement = judge(LIMITS, job(1800, null, 1L), Ruling.UNKNOWN).orElseThrow();
    assertEquals(Effect.REQUEUE, judgement.effect());
    assertEquals(2, judgement.verdict().evidence().size());
  }

  @Test
  void unknownIsOnlyReportedWhenAgeAloneMayNotDecide() {
    Limits proofOnly = new Limits(Duration.ofMinutes(30), Duration.ofMinutes(1), 3, false, false);
    Judgement judgement = judge(proofOnly, job(1800, null, 1L), Ruling.UNKNOWN).orElseThrow();
    assertEquals(Cause.NOTHING_PROVEN, judgement.cause());
    assertFalse(judgement.acts());
    assertTrue(judge(proofOnly, job(1, null, 1L), Ruling.DEAD).orElseThrow().acts());
  }

  @Test
  void aHinderedJobIsLeftWithTheReasonWheneverItWouldBeRescued() {
    Candidate hindered =
        new Candidate(
            "1",
            "here:1",
            Duration.ofHours(1),
            null,
            1L,
            "claim",
            null,
            Effect.REQUEUE,
            "it is held",
            null);
    for (Ruling ruling : List.of(Ruling.DEAD, Ruling.UNKNOWN)) {
      Judgement judgement = judge(LIMITS, hindered, ruling).orElseThrow();
      assertEquals(Cause.HINDERED, judgement.cause());
      assertFalse(judgement.acts());
      assertTrue(judgement.reason().endsWith(", but it is held"), judgement.reason());
    }
    Judgement alive = judge(LIMITS, hindered, Ruling.ALIVE).orElseThrow();
    assertEquals(Cause.SLOW_BUT_ALIVE, alive.cause());
  }

  @Test
  void aFreshHeartbeatSpeaksForAHolderThatCannotBeJudged() {
    Judgement judgement = judge(LIMITS, job(7200, 59, 1L), Ruling.UNKNOWN).orElseThrow();
    assertEquals(Cause.STILL_BEATING, judgement.cause());
    assertEquals(Ruling.ALIVE, judgement.verdict().ruling());
    assertTrue(judge(LIMITS, job(7200, 60, 1L), Ruling.UNKNOWN).orElseThrow().acts());
  }

  @Test
  void aJobWhoseWorkerSeemsGoneIsLeftWithWhatItWaitsFor() {
    Limits proofOnly = new Limits(Duration.ofMinutes(30), Duration.ofMinutes(1), 3, false, false);
    Verdict gone = Verdict.seemsGone(List.of("pid 9 lives", "no process lives"));
    String left = "its worker seems gone, but that is not proven; age alone ";
    doubts(left + "decides in 20 min, when it has run for 30 min (stuck_after)", LIMITS, 600, 60);
    doubts(left + "decides in 20 min, when it has run for 30 min (stuck_after)", LIMITS, null, 600);
    doubts(left + "never decides, for act_on_unknown is off", proofOnly, 600, null);
    doubts(left + "never decides, for its row has no usable time", LIMITS, null, null);
    assertTrue(new Policy(LIMITS).judge(job(600, 59, 1L), gone).isEmpty(), "it beats");
    assertTrue(new Policy(LIMITS).judge(job(600, 60, 1L), gone.open()).isEmpty(), "open");
    assertEquals(
        Cause.SILENT_TOO_LONG,
        new Policy(LIMITS).judge(job(1800, 60, 1L), gone).orElseThrow().cause());
    Judgement handsOff =
        new HandsOff(LIMITS, "it is not ours", "look")
            .judge(job(1, null, 1L), gone, null)
            .orElseThrow();
    assertEquals(
        "its worker seems gone, but that is not proven; not touched, because it is not ours; what a"
            + " person can do: look",
        handsOff.reason());
  }

  private static void doubts(
      String reason, Limits limits, @Nullable Integer age, @Nullable Integer silence) {
    Verdict gone = Verdict.seemsGone(List.of("pid 9 lives", "no process lives"));
    Judgement judgement = new Policy(limits).judge(job(age, silence, 1L), gone).orElseThrow();
    assertEquals(reason, judgement.reason());
    assertEquals(Cause.SEEMS_GONE, judgement.cause());
    assertEquals(gone, judgement.verdict());
    assertFalse(judgement.acts());
  }

  @Test
  void aHeartbeatSlightlyInTheFutureIsFreshAndOneFarAheadSaysNothing() {
    assertFalse(judge(LIMITS, job(7200, -59, 1L), Ruling.UNKNOWN).orElseThrow().acts());
    assertTrue(judge(LIMITS, job(7200, -3600, 1L), Ruling.UNKNOWN).orElseThrow().acts());
  }

  @Test
  void noDataIsNeverOld() {
    assertTrue(judge(LIMITS, job(null, null, 1L), Ruling.UNKNOWN).isEmpty());
    assertTrue(judge(LIMITS, job(-5, null, 1L), Ruling.UNKNOWN).isEmpty());
    assertTrue(judge(LIMITS, job(null, null, 1L), Ruling.DEAD).orElseThrow().acts());
  }

  @Test
  void aJobIsAtLeastAsOldAsItsHeartbeat() {
    assertTrue(judge(LIMITS, job(null, 1800, 1L), Ruling.UNKNOWN).orElseThrow().acts());
  }

  @Test
  void exhaustedAttemptsEndInFailureOrDeadLetter() {
    assertEquals(
        Effect.REQUEUE, judge(LIMITS, job(1, null, 2L), Ruling.DEAD).orElseThrow().effect());
    Judgement failed = judge(LIMITS, job(1, null, 3L), Ruling.DEAD).orElseThrow();
    assertEquals(Effect.FAIL, failed.effect());
    assertEquals("its holder is gone, and it had 3 of 3 attempts", failed.reason());
    Limits letters = new Limits(Duration.ofMinutes(30), Duration.ofMinutes(1), 3, true, true);
    assertEquals(
        Effect.DEAD_LETTER, judge(letters, job(1, null, 4L), Ruling.DEAD).orElseThrow().effect());
    Limits endless = new Limits(Duration.ofMinutes(30), Duration.ofMinutes(1), 0, true, true);
    assertEquals(
        Effect.REQUEUE, judge(endless, job(1, null, 400L), Ruling.DEAD).orElseThrow().effect());
    assertEquals(
        Effect.REQUEUE, judge(LIMITS, job(1, null, null), Ruling.DEAD).orElseThrow().effect());
  }

  private static Optional<Judgement> judge(Limits limits, Candidate job, Ruling ruling) {
    return new Policy(limits).judge(job, Verdict.of(ruling, "because"));
  }

  private static Candidate job(
      @Nullable Integer age, @Nullable Integer silence, @Nullable Long attempts) {
    return new Candidate(
        "1",
        "here:1",
        seconds(age),
        seconds(silence),
        attempts,
        "claim",
        silence == null ? null : "1");
  }

  private static @Nullable Duration seconds(@Nullable Integer seconds) {
    return seconds == null ? null : Duration.ofSeconds(seconds);
  }
}
