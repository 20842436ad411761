package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Time;
import io.selfheal.job.Claims.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BelievedTest {
  private static final Believed SURE = new Believed(true, null);
  private static final Believed UNSURE = new Believed(false, minutes(90));

  @Test
  void aJobIsNoOlderThanTheAgentHasSeenItComeAndNoYoungerThanItHasSeenIt() {
    Bounds came = bounds(60, 62L);
    assertEquals(minutes(62), age(SURE, 5 * 60L, came), "the clock is behind");
    assertEquals(minutes(60), age(SURE, -9 * 60L, came), "the zone is east");
    assertEquals(minutes(61), age(UNSURE, 61L, came));
    assertNull(age(SURE, null, came), "no data is not zero");
  }

  @Test
  void ofJobsThatRanBeforeTheAgentOnlyTheDatabasesClockTellsTheAge() {
    Bounds ran = bounds(1, null);
    assertEquals(minutes(300), age(SURE, 300L, ran));
    assertEquals(minutes(1), age(UNSURE, 300L, ran));
    assertEquals(minutes(1), age(SURE, -300L, ran));
  }

  @Test
  void ofJobsThatAreNotRememberedAnAgeIsUnsureBeyondTheTimeForWhichTheAgentHasLooked() {
    assertEquals(minutes(300), age(SURE, 300L, null));
    assertEquals(minutes(90), age(UNSURE, 300L, null));
    assertEquals(minutes(60), age(UNSURE, 60L, null), "a young job is young");
    assertNull(age(UNSURE, null, null), "no data is not zero");
  }

  @Test
  void aClockThatWasSeenToBeBehindIsBelievedOfNoJobThatIsNotRemembered() {
    long[] nanos = {0};
    Claims claims = new Claims(new Time(() -> Instant.EPOCH, () -> nanos[0]));
    claims.pass();
    nanos[0] += minutes(90).toNanos();
    assertEquals(SURE, Believed.of(true, claims));
    assertEquals(UNSURE, Believed.of(false, claims));
    claims.behind();
    assertEquals(new Believed(true, Duration.ZERO), Believed.of(true, claims));
    assertEquals(new Believed(false, Duration.ZERO), Believed.of(false, claims));
  }

  @Test
  void aHeartbeatThatMovesIsLifeHoweverFarBehindItsClockIs() {
    long[] nanos = {0};
    Claims claims = new Claims(new Time(() -> Instant.EPOCH, () -> nanos[0]));
    for (int beat = 0; beat < 20; beat++) {
      Candidate job = job(300L, 300L, "beat " + beat);
      Claims.Pass pass = claims.pass();
      pass.read(List.of(job));
      pass.end();
      Duration silence = UNSURE.of(job, claims.bounds(job)).silence();
      assertTrue(silence != null && silence.compareTo(minutes(5)) <= 0, "" + silence);
      nanos[0] += minutes(5).toNanos();
    }
    Candidate last = job(300L, 300L, "beat 19");
    nanos[0] += minutes(55).toNanos();
    assertEquals(minutes(65), UNSURE.of(last, claims.bounds(last)).silence(), "now it is silent");
  }

  @Test
  void timesThatCannotBeAreTold() {
    assertNull(Believed.off(job(61L, null, null), bounds(60, 60L)));
    assertNull(Believed.off(job(-1L, null, null), null));
    assertNull(Believed.off(job(300L, null, null), bounds(1, null)), "it may be so old");
    Duration behind = Believed.off(job(300L, null, null), bounds(0, 0L));
    assertEquals(minutes(300), behind);
    Duration ahead = Believed.off(job(-540L, null, null), null);
    assertEquals(minutes(-540), ahead);
  }

  /** Whatever the row says, the age that counts is never beyond what was seen. */
  @Property
  boolean noClockMakesAJobOlderThanItCanBe(
      @ForAll @IntRange(min = -10_000, max = 10_000) int told,
      @ForAll @IntRange(min = 0, max = 500) int seen,
      @ForAll @IntRange(min = 0, max = 500) int more,
      @ForAll boolean sure) {
    Duration age = age(new Believed(sure, null), (long) told, bounds(seen, (long) seen + more));
    return age != null
        && age.compareTo(minutes(seen)) >= 0
        && age.compareTo(minutes(seen + more)) <= 0;
  }

  private static @Nullable Duration age(
      Believed believed, @Nullable Long minutes, @Nullable Bounds known) {
    return believed.of(job(minutes, null, null), known).age();
  }

  private static Bounds bounds(long seen, @Nullable Long newer) {
    return new Bounds(
        minutes(seen), newer == null ? null : minutes(newer), Duration.ZERO, minutes(1));
  }

  private static Candidate job(@Nullable Long age, @Nullable Long silence, @Nullable String sign) {
    return new Candidate(
        "1",
        "there:1",
        age == null ? null : minutes(age),
        silence == null ? null : minutes(silence),
        1L,
        "claim",
        sign);
  }

  private static Duration minutes(long count) {
    return Duration.ofMinutes(count);
  }
}
