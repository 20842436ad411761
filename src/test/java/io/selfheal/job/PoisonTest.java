package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.job.Poison.Known;
import io.selfheal.message.DeadLetter.Death;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerEvent.End;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
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
    assertEquals(Effect.FAIL, weigh(THREE, job, two, noLetters).effect());
    Judgement left = weigh(THREE, job, two, Set.of(Effect.REQUEUE));
    assertEquals(Effect.LEAVE, left.effect());
    assertTrue(left.poison());
    assertTrue(left.reason().endsWith("its library has no place for such jobs"), left.reason());
    Able lacking = new Able(Set.of(Effect.REQUEUE), "a right is missing");
    assertTrue(Poison.asked(judgement(3L, false), lacking, "it is broken", Instant.EPOCH).poison());
    assertEquals(Effect.LEAVE, lacking.aside());
    assertEquals("a right is missing", lacking.why());
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
      Judgement weighed = weigh(poison, job, earlier, ALL);
      points += ranOut ? 2 : 1;
      if (weighed.poison() != (points >= after)) {
        return false;
      }
      earlier.add(weighed.deaths().getLast());
    }
    return true;
  }

  private static Judgement weigh(Judgement judgement, Death... earlier) {
    return weigh(THREE, judgement, List.of(earlier), ALL);
  }

  private static Judgement weigh(
      Poison poison, Judgement judgement, List<Death> earlier, Set<Effect> able) {
    Map<String, Known> known = Map.of("1", new Known(earlier, null));
    return poison.weigh(List.of(judgement), known, new Able(able), Instant.EPOCH).getFirst();
  }

  /** Some workers that hold many jobs each; job 0 kills whoever has held it for a while. */
  private static final class Fleet {
    final Map<String, List<Death>> deaths = new HashMap<>();
    final Map<String, Long> attempts = new HashMap<>();
    final List<String> aside = new ArrayList<>();

    /** One process that held these jobs dies; each is taken again later. */
    void dies(End end, List<String> jobs) {
      List<Judgement> judged = new ArrayList<>();
      Map<String, Known> known = new HashMap<>();
      for (String job : jobs) {
        long attempt = attempts.merge(job, 1L, Long::sum);
        Candidate row = new Candidate(job, "here:1", null, null, attempt, "" + attempt, null);
        Verdict dead = verdict(Ruling.DEAD, false).ended(end);
        judged.add(new Judgement(row, dead, Effect.REQUEUE, Cause.HOLDER_DEAD, "gone"));
        known.put(job, new Known(deaths.getOrDefault(job, List.of()), null));
      }
      for (Judgement one : THREE.weigh(judged, known, new Able(ALL), Instant.EPOCH)) {
        if (!one.deaths().isEmpty()) {
          deaths.put(one.job().id(), one.deaths());
        }
        if (one.poison()) {
          aside.add(one.job().id());
        }
      }
    }
  }

  @Test
  void endsThatSomebodyWantedAreNoSignOfPoison() {
    Fleet fleet = new Fleet();
    for (int deployments = 0; deployments < 50; deployments++) {
      fleet.dies(End.ORDERLY, List.of("0"));
    }
    assertEquals(List.of(), fleet.aside);
    for (int deaths = 1; deaths <= 3; deaths++) {
      assertEquals(List.of(), fleet.aside);
      fleet.dies(End.CRASHED, List.of("0"));
    }
    assertEquals(List.of("0"), fleet.aside);
  }

  @Test
  void aDeathOfWhichNobodySawHowItCameAboutCountsHalf() {
    Fleet fleet = new Fleet();
    for (int deaths = 1; deaths <= 6; deaths++) {
      assertEquals(List.of(), fleet.aside);
      fleet.dies(End.UNKNOWN, List.of("0"));
    }
    assertEquals(List.of("0"), fleet.aside);
  }

  @Test
  void aProcessThatHeldManyJobsIsOneDeath() {
    Fleet fleet = new Fleet();
    List<String> twenty = IntStream.range(0, 20).mapToObj(id -> "" + id).toList();
    for (int deaths = 0; deaths < 3; deaths++) {
      fleet.dies(End.CRASHED, twenty);
    }
    assertEquals(List.of(), fleet.aside, "three deaths with 20 jobs condemn none of them");
    assertEquals(0.15, fleet.deaths.get("7").stream().mapToDouble(Death::points).sum(), 1e-9);
  }

  @Test
  void whatWasCountedWhenItWasSeenFirstStays() {
    Death own = new Death(0.05, 3L, List.of("no process 1"), Instant.EPOCH);
    Known known = new Known(List.of(death(1, 1L), death(1, 2L)), own);
    Judgement alone =
        THREE
            .weigh(List.of(judgement(3L, false)), Map.of("1", known), new Able(ALL), Instant.EPOCH)
            .getFirst();
    assertEquals(Effect.REQUEUE, alone.effect(), "the other 19 are rescued already");
    assertEquals(3, alone.deaths().size());
  }

  /** Pids come again, and in containers they are all the same. */
  @Test
  void aJobThatStaysWithANameSparesNoneOfTheNextProcessOfThatName() {
    Able noPlace = new Able(Set.of(Effect.REQUEUE));
    Candidate old = new Candidate("2", "here:1", null, null, 9L, "claim", null);
    Judgement left =
        new Judgement(old, verdict(Ruling.DEAD, false), Effect.REQUEUE, Cause.HOLDER_DEAD, "gone");
    Death counted = new Death(1, 9L, List.of("no process 1"), Instant.EPOCH.minusSeconds(60));
    Map<String, Known> known =
        Map.of(
            "1", new Known(List.of(death(1, 1L), death(1, 2L)), null),
            "2", new Known(List.of(death(1, 6L), death(1, 7L), death(1, 8L)), counted));
    List<Judgement> both =
        THREE.weigh(List.of(judgement(3L, false), left), known, noPlace, Instant.EPOCH);
    assertEquals(
        List.of(Effect.LEAVE, Effect.LEAVE), both.stream().map(Judgement::effect).toList());
    assertEquals(1, both.getFirst().deaths().getLast().points());
  }

  /** Whoever else is held, the job that kills is put aside at its fourth death, and no other. */
  @Property(tries = 50)
  boolean theJobThatKillsStandsOutFromChangingNeighbours(
      @ForAll @IntRange(min = 1, max = 40) int neighbours) {
    Fleet fleet = new Fleet();
    int next = 1;
    for (int deaths = 1; fleet.aside.isEmpty() && deaths < 10; deaths++) {
      List<String> held = new ArrayList<>(List.of("0"));
      for (int i = 0; i < neighbours; i++) {
        held.add("" + next++);
      }
      fleet.dies(End.CRASHED, held);
    }
    return fleet.aside.equals(List.of("0")) && fleet.attempts.get("0") == 4;
  }

  /** Those that always die together: the one that kills goes in the end, and only one a death. */
  @Property(tries = 50)
  boolean ofThoseThatDieTogetherOneIsPutAsideADeath(
      @ForAll @IntRange(min = 2, max = 20) int jobs,
      @ForAll @IntRange(min = 0, max = 19) int kills) {
    Fleet fleet = new Fleet();
    String killer = "" + kills % jobs;
    List<String> held = new ArrayList<>(IntStream.range(0, jobs).mapToObj(id -> "" + id).toList());
    int deaths = 0;
    while (held.contains(killer) && deaths < 1000) {
      int before = fleet.aside.size();
      fleet.dies(End.CRASHED, held);
      held.removeAll(fleet.aside);
      deaths++;
      if (fleet.aside.size() > before + 1) {
        return false;
      }
    }
    return fleet.aside.getLast().equals(killer) && deaths >= 3 * jobs - jobs + 1;
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
    return new Verdict(ruling, List.of("no process 1"), outOfMemory).ended(End.CRASHED);
  }

  private static Death death(int points, @Nullable Long attempts) {
    return new Death(points, attempts, List.of("no process 9"), Instant.EPOCH);
  }
}
