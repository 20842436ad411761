package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.DeadLetter.Death;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoisonTest {
  private static final Poison THREE = new Poison(3);
  private static final Set<Effect> ALL = Set.of(Effect.REQUEUE, Effect.FAIL, Effect.DEAD_LETTER);

  @Test
  void theThirdDeathIsOneTooMany() {
    assertEquals(Effect.REQUEUE, weigh(judgement(1L, false)).effect());
    assertEquals(Effect.REQUEUE, weigh(judgement(2L, false), death(1, 1L)).effect());
    Judgement third = weigh(judgement(3L, false), death(1, 1L), death(1, 2L));
    assertEquals(Effect.DEAD_LETTER, third.effect());
    assertEquals(Cause.POISON, third.cause());
    assertEquals(3, third.deaths().size());
    assertEquals(
        "its holder is gone; its workers died on it 3 times, poison_after is 3: quarantined, not"
            + " queued again",
        third.reason());
  }

  @Test
  void wantOfMemoryCountsDouble() {
    Judgement second = weigh(judgement(2L, true), death(1, 1L));
    assertEquals(Effect.DEAD_LETTER, second.effect());
    assertTrue(second.reason().contains("2 times, 3 points as memory ran out"), second.reason());
  }

  @Test
  void itGoesWhereTheLibraryHasAPlace() {
    Judgement job = judgement(3L, false);
    List<Death> two = List.of(death(1, 1L), death(1, 2L));
    Set<Effect> noLetters = Set.of(Effect.REQUEUE, Effect.FAIL);
    assertEquals(Effect.FAIL, THREE.weigh(job, two, noLetters, Instant.EPOCH).effect());
    Judgement left = THREE.weigh(job, two, Set.of(Effect.REQUEUE), Instant.EPOCH);
    assertEquals(Effect.LEAVE, left.effect());
    assertTrue(left.poison());
    assertTrue(left.reason().endsWith("its library has no place for such jobs"), left.reason());
  }

  @Test
  void whatIsDecidedAlreadyStaysAndIsListed() {
    Judgement fails =
        new Judgement(
            job(3L), verdict(Ruling.DEAD, false), Effect.FAIL, Cause.HOLDER_DEAD, "enough");
    Judgement weighed = weigh(fails, death(1, 1L), death(1, 2L));
    assertEquals(Effect.FAIL, weighed.effect());
    assertTrue(weighed.poison());
  }

  @Test
  void anAttemptThatDidNotGrowBeganAnew() {
    Judgement recurring = weigh(judgement(1L, false), death(1, 1L), death(1, 1L));
    assertEquals(Effect.REQUEUE, recurring.effect());
    assertEquals(1, recurring.deaths().size());
    Judgement again = weigh(judgement(2L, false), death(1, 7L), death(1, 8L), death(1, 1L));
    assertEquals(2, again.deaths().size());
    Judgement unnumbered = weigh(judgement(null, false), death(1, null), death(1, null));
    assertEquals(Effect.DEAD_LETTER, unnumbered.effect());
  }

  @Test
  void onlyProvenDeathsCountAndOnlyIfWanted() {
    assertTrue(THREE.counts(judgement(1L, false)));
    assertFalse(new Poison(0).counts(judgement(1L, false)));
    Judgement guess =
        new Judgement(
            job(1L),
            verdict(Ruling.UNKNOWN, false),
            Effect.REQUEUE,
            Cause.SILENT_TOO_LONG,
            "silent");
    assertFalse(THREE.counts(guess));
    assertFalse(THREE.counts(judgement(1L, false).changed()));
  }

  /** With numbered attempts, a job is put aside exactly at the death that fills the points. */
  @Property
  boolean putAsideAtThePoint(
      @ForAll @IntRange(min = 1, max = 20) int after,
      @ForAll @Size(min = 1, max = 30) List<Boolean> memory) {
    Poison poison = new Poison(after);
    List<Death> earlier = new ArrayList<>();
    int points = 0;
    for (boolean ranOut : memory) {
      Judgement job = judgement(earlier.size() + 1L, ranOut);
      Judgement weighed = poison.weigh(job, earlier, ALL, Instant.EPOCH);
      points += ranOut ? 2 : 1;
      if (weighed.poison() != (points >= after)) {
        return false;
      }
      earlier.add(weighed.deaths().getLast());
    }
    return true;
  }

  private static Judgement weigh(Judgement judgement, Death... earlier) {
    return THREE.weigh(judgement, List.of(earlier), ALL, Instant.EPOCH);
  }

  private static Judgement judgement(@Nullable Long attempts, boolean outOfMemory) {
    return new Judgement(
        job(attempts),
        verdict(Ruling.DEAD, outOfMemory),
        Effect.REQUEUE,
        Cause.HOLDER_DEAD,
        "its holder is gone");
  }

  private static Candidate job(@Nullable Long attempts) {
    return new Candidate("1", "here:1", null, null, attempts, "claim", null);
  }

  private static Verdict verdict(Ruling ruling, boolean outOfMemory) {
    return new Verdict(ruling, List.of("no process 1"), outOfMemory);
  }

  private static Death death(int points, @Nullable Long attempts) {
    return new Death(points, attempts, List.of("no process 9"), Instant.EPOCH);
  }
}
