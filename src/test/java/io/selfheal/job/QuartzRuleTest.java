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

class QuartzRuleTest {
  private final QuartzRule rule =
      new QuartzRule(new Limits(Duration.ofMinutes(30), Duration.ofMinutes(1), 3, false, false));

  @Test
  void aTriggerThatNothingHoldsIsFreedWhenItsRowHasStoodLongEnough() {
    assertTrue(judge(Effect.REQUEUE, null).isEmpty());
    assertTrue(judge(Effect.REQUEUE, QuartzRule.STABLE.minusNanos(1)).isEmpty());
    Judgement judgement = judge(Effect.REQUEUE, QuartzRule.STABLE).orElseThrow();
    assertEquals(Effect.REQUEUE, judgement.effect());
    assertEquals(Cause.NOTHING_HOLDS_IT, judgement.cause());
    assertFalse(judgement.guess(), "a busy host does not hold it back");
    assertEquals(Ruling.UNKNOWN, judgement.verdict().ruling());
    assertEquals(
        List.of("its row has not changed for at least 1 min", "told"),
        judgement.verdict().evidence());
  }

  @Test
  void withoutTheLibrarysLockItIsLeft() {
    assertTrue(judge(Effect.LEAVE, QuartzRule.STABLE.minusNanos(1)).isEmpty());
    Judgement judgement = judge(Effect.LEAVE, QuartzRule.STABLE).orElseThrow();
    assertEquals(Effect.LEAVE, judgement.effect());
    assertTrue(
        judgement.reason().contains("what a person can do: start the scheduler"),
        judgement.reason());
  }

  @Test
  void aFiredRowIsNeverChanged() {
    for (Ruling ruling : Ruling.values()) {
      Optional<Judgement> judged =
          rule.judge(job(null), Verdict.of(ruling, "because"), Duration.ofDays(1));
      assertEquals(Effect.LEAVE, judged.orElseThrow().effect());
    }
  }

  private Optional<Judgement> judge(Effect next, @Nullable Duration seenFor) {
    return rule.judge(job(next), Verdict.of(Ruling.DEAD, "because"), seenFor);
  }

  private static Candidate job(@Nullable Effect next) {
    Duration age = next == null ? Duration.ofDays(1) : null;
    return new Candidate(
        "1", null, age, null, null, "claim", null, next, null, new Testimony(false, "told"));
  }
}
