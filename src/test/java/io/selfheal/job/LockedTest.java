package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Time;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LockedTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Locked locked = new Locked(new Time(() -> Instant.EPOCH, nanos::get));

  private static Judgement job(String id, String claim) {
    Candidate row = new Candidate(id, "here:1", null, null, 1L, claim, null);
    Verdict dead = Verdict.of(Ruling.DEAD, "gone");
    return new Judgement(row, dead, Effect.REQUEUE, Judgement.Cause.HOLDER_DEAD, "dead");
  }

  private static RowLock by(int pid, int seconds) {
    Session session = new Session(pid, "alice", "psql", null, "SELECT");
    Duration age = Duration.ofSeconds(seconds);
    return new RowLock(new Blocker(session, "idle in transaction", age, age), true);
  }

  private Locked.One found(String claim, RowLock lock) {
    return locked.found(List.of(job("1", claim)), Map.of("1", lock)).getFirst();
  }

  @Test
  void theSameIsSaidInTheSameWordsAndIsNewsOnce() {
    Locked.One first = found("a", by(7, 3));
    assertEquals("by pid 7 (psql, alice, idle in transaction for 3 s): SELECT", first.words());
    assertTrue(first.news());
    nanos.addAndGet(Duration.ofSeconds(9).toNanos());
    Locked.One again = found("a", by(7, 12));
    assertEquals(first.words(), again.words());
    assertFalse(again.news());
  }

  @Test
  void anotherSessionOrAnotherAttemptIsNews() {
    found("a", by(7, 3));
    assertTrue(found("a", by(8, 1)).news());
    assertTrue(found("b", by(8, 1)).news());
  }

  @Test
  void whatWasNotSeenForTenSecondsIsSeenAnew() {
    found("a", by(7, 3));
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertEquals("dead", locked.told(job("1", "a")).reason());
    Locked.One again = found("a", by(7, 13));
    assertTrue(again.news());
    assertTrue(again.words().contains("for 13 s"), again.words());
  }

  @Test
  void itIsToldOfTheAttemptThatWaits() {
    found("a", by(7, 3));
    String told = locked.told(job("1", "a")).reason();
    assertTrue(told.startsWith("dead; tried again until its row is free: it is locked by"), told);
    assertEquals("dead", locked.told(job("1", "b")).reason());
    assertEquals("dead", locked.told(job("2", "a")).reason());
    locked.found(List.of(), Map.of());
    assertEquals("dead", locked.told(job("1", "a")).reason());
  }

  @Test
  void ofSeveralOnlyTheLockedOnesAreFound() {
    List<Locked.One> found =
        locked.found(
            List.of(job("1", "a"), job("2", "a"), job("3", "a")),
            Map.of("1", by(7, 3), "3", by(7, 4)));
    assertEquals(List.of("1", "3"), found.stream().map(one -> one.judgement().job().id()).toList());
    assertEquals(found.getFirst().words(), found.getLast().words());
  }
}
