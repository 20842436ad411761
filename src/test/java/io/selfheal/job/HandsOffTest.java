package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandsOffTest {
  private static final Limits LIMITS =
      new Limits(Duration.ofMinutes(30), Duration.ofMinutes(1), 3, true, true);

  private static final String REST = "; not touched, because it breaks; what a person can do: wait";

  private final HandsOff rule = new HandsOff(LIMITS, "it breaks", "wait");

  @ParameterizedTest
  @CsvSource({
    "DEAD, 1, false, HOLDER_DEAD, its holder is gone",
    "DEAD, 1, true, HOLDER_DEAD, its holder is gone",
    "DEAD, 3600, false, HOLDER_DEAD, its holder is gone",
    "UNKNOWN, 1, true, ORPHANED, the library counts it as orphaned",
    "UNKNOWN, 3600, true, ORPHANED, the library counts it as orphaned",
    "ALIVE, 1, true, ORPHANED, 'its holder lives, yet the library counts the job as orphaned and"
        + " may run it beside it'",
    "UNKNOWN, 3600, false, SILENT_TOO_LONG, 'running for 1 h, stuck_after is 30 min without a sign"
        + " of life'"
  })
  void whatWouldBeRescuedIsLeftWithTheReason(
      Ruling ruling, int age, boolean orphaned, Cause cause, String stuck) {
    Judgement judgement = judge(ruling, age, null, orphaned).orElseThrow();
    assertEquals(Effect.LEAVE, judgement.effect());
    assertEquals(cause, judgement.cause());
    assertEquals(stuck + REST, judgement.reason());
    assertEquals(ruling, judgement.verdict().ruling());
    assertEquals(List.of("because", "told"), judgement.verdict().evidence().subList(0, 2));
  }

  @Test
  void withinWhatItIsAllowedNothingIsSaid() {
    assertTrue(judge(Ruling.UNKNOWN, 1799, null, false).isEmpty());
    assertTrue(judge(Ruling.ALIVE, 1799, null, false).isEmpty());
  }

  @Test
  void slowIsSaidInThePolicysWords() {
    Judgement slow = judge(Ruling.ALIVE, 3600, null, false).orElseThrow();
    assertEquals(Cause.SLOW_BUT_ALIVE, slow.cause());
    assertEquals(
        "slow but alive: running for 1 h, stuck_after is 30 min, and its holder lives",
        slow.reason());
    Judgement beating = judge(Ruling.UNKNOWN, 3600, 59, false).orElseThrow();
    assertEquals(Cause.STILL_BEATING, beating.cause());
    assertEquals(Ruling.ALIVE, beating.verdict().ruling());
  }

  @Test
  void usedUpAttemptsAndUnknownHoldersActNoMoreThanOthers() {
    for (Limits limits :
        List.of(
            LIMITS, new Limits(Duration.ofMinutes(30), Duration.ofMinutes(1), 1, true, false))) {
      HandsOff one = new HandsOff(limits, "it breaks", "wait");
      for (Ruling ruling : Ruling.values()) {
        Candidate job =
            new Candidate("1", "x", Duration.ofDays(1), null, 99L, "c", null, null, null, null);
        assertTrue(
            one.judge(job, Verdict.of(ruling, "because"), Duration.ofDays(1)).stream()
                .noneMatch(Judgement::acts));
      }
    }
  }

  private Optional<Judgement> judge(
      Ruling ruling, int age, @Nullable Integer silence, boolean orphaned) {
    Candidate job =
        new Candidate(
            "1",
            "here:1",
            Duration.ofSeconds(age),
            silence == null ? null : Duration.ofSeconds(silence),
            1L,
            "claim",
            null,
            null,
            null,
            new Testimony(orphaned, "told"));
    return rule.judge(job, Verdict.of(ruling, "because"), null);
  }
}
