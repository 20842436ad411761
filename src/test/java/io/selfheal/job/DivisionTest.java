package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DivisionTest {
  private final List<Integer> sizes = new ArrayList<>();

  private static Judgement job(int id, Effect effect) {
    Candidate job = new Candidate("" + id, null, null, null, null, "claim", null);
    return new Judgement(job, Verdict.of(Ruling.DEAD, "gone"), effect, Cause.HOLDER_DEAD, "gone");
  }

  private static List<Judgement> jobs(int count) {
    return IntStream.range(0, count).mapToObj(id -> job(id, Effect.REQUEUE)).toList();
  }

  private static Set<String> ids(Set<Integer> ids) {
    return ids.stream().map(id -> "" + id).collect(Collectors.toSet());
  }

  /** A table that undoes all of a transaction when it refuses one of its rows. */
  private Future<Done> attempt(List<Judgement> jobs, Set<String> bad) {
    sizes.add(jobs.size());
    Set<String> asked = Changing.ids(jobs);
    boolean refuses = asked.stream().anyMatch(bad::contains);
    return Future.succeededFuture(
        refuses
            ? new Done(Set.of(), SourceFailed.ofRows("bad row", new IllegalStateException()))
            : new Done(asked, null));
  }

  private Done divide(List<Judgement> jobs, Set<String> bad) {
    return new Division(some -> attempt(some, bad)).of(jobs).await();
  }

  @Property(tries = 300)
  void allButTheRefusedAreChangedWhereTheyAreFew(
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll Set<@IntRange(max = 299) Integer> refused) {
    Set<String> bad =
        refused.stream()
            .filter(id -> id < count)
            .limit(Division.ENOUGH - 1)
            .map(id -> "" + id)
            .collect(Collectors.toSet());
    Done done = divide(jobs(count), bad);
    assertEquals(bad, done.refused().keySet());
    Set<String> good = new HashSet<>(Changing.ids(jobs(count)));
    good.removeAll(bad);
    assertEquals(good, done.changed());
    assertTrue(sizes.size() <= 1 + 2 * bad.size() * 10, "transactions: " + sizes.size());
    sizes.clear();
  }

  @Test
  void whereAllAreRefusedNotAllAreTried() {
    Done done = divide(jobs(1000), Changing.ids(jobs(1000)));
    assertEquals(1000, done.refused().size());
    assertTrue(sizes.size() < 60, sizes::toString);
  }

  @Test
  void anEffectThatIsRefusedWholeKeepsNoOther() {
    List<Judgement> mixed = new ArrayList<>(jobs(3));
    mixed.add(job(7, Effect.FAIL));
    mixed.add(job(8, Effect.FAIL));
    Done done = divide(mixed, ids(Set.of(7, 8)));
    assertEquals(ids(Set.of(0, 1, 2)), done.changed());
    assertEquals(ids(Set.of(7, 8)), done.refused().keySet());
  }

  @Test
  void anotherFailureEndsIt() {
    Division division =
        new Division(some -> Future.succeededFuture(new Done(Set.of(), new SourceFailed("away"))));
    Done done = division.of(jobs(5)).await();
    assertNotNull(done.failure());
    assertTrue(done.refused().isEmpty());
  }
}
