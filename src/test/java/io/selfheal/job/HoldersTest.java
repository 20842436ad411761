package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.job.Claims.Span;
import io.selfheal.job.SourceConfig.Holding;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HoldersTest {
  private static final Verdict DEAD = Verdict.of(Ruling.DEAD, "gone");

  @Test
  void asksOnceForJobsWhoseAnswersMustBeTheSame() {
    Holders holders =
        holders("{host}:{pid}", job("1", "a:1", 5), job("2", "a:1", 5), job("3", "a:2", 5));
    assertEquals(2, holders.question().holders().size());
  }

  @Test
  void asksForEachAgeBecauseAPidMayHaveBeenGivenAgainBetweenTwoClaims() {
    Holders holders = holders("{host}:{pid}", job("1", "a:1", 5), job("2", "a:1", 500));
    assertEquals(2, holders.question().holders().size());
    Holders exact = holders("{pid}/{start_ticks}", job("1", "1/9", 5), job("2", "1/9", 500));
    assertEquals(1, exact.question().holders().size());
  }

  @Test
  void aHeartbeatTellsOfTheHolderOnlyWhereTheRowDoesNotSayWhenItTookTheJob() {
    Duration second = Duration.ofSeconds(1);
    Candidate silent = new Candidate("1", "a:1", null, second, null, "claim", null);
    Candidate ahead = new Candidate("2", "a:1", null, second.negated(), null, "claim", null);
    Candidate taken = new Candidate("3", "a:1", second, second, null, "claim", null);
    assertEquals(
        Arrays.asList(second, null, null),
        holders("{host}:{pid}", silent, ahead, taken).question().holders().stream()
            .map(Holder::beatAge)
            .toList());
  }

  @Test
  void handsEachAnswerToItsJobs() {
    Candidate first = job("1", "a:1", 5);
    Candidate second = job("2", "a:2", 5);
    Holders holders = holders("{host}:{pid}", first, second);
    holders.answered(List.of(DEAD, Verdict.of(Ruling.ALIVE, "runs")));
    assertEquals(Ruling.DEAD, holders.of(first).ruling());
    assertEquals(Ruling.ALIVE, holders.of(second).ruling());
  }

  @Test
  void refusesAnAnswerOfAnotherLength() {
    Holders holders = holders("{host}:{pid}", job("1", "a:1", 5));
    assertThrows(IllegalStateException.class, () -> holders.answered(List.of()));
  }

  @Test
  void doesNotAskAboutWhatItCannotRead() {
    Candidate nobody = job("1", null, 5);
    Candidate other = job("2", "somebody", 5);
    Holders holders = holders("{host}:{pid}", nobody, other);
    assertTrue(holders.question().holders().isEmpty());
    assertEquals("the row names no holder", holders.of(nobody).evidence().getFirst());
    assertEquals(
        "the holder \"somebody\" does not have the form {host}:{pid}",
        holders.of(other).evidence().getFirst());
  }

  @Test
  void doesNotAskForAPidThatMayHaveLostDigits() {
    Layout scheduler = new DbSchedulerLayout(new TableName("public", "t"), List.of());
    HolderPattern pattern =
        HolderPattern.compile("n".repeat(40) + "{host}:{pid}").cutAt(scheduler.holderCutAt());
    Candidate cut = job("1", "n".repeat(40) + "host.a:128", 5);
    Holders holders =
        new Holders(new Holding("images", pattern), List.of(cut), job -> Span.NOTHING);
    assertTrue(holders.question().holders().isEmpty());
    assertEquals(Ruling.UNKNOWN, holders.of(cut).ruling());
    assertTrue(
        holders
            .of(cut)
            .evidence()
            .getFirst()
            .endsWith(
                "host.a:128\" may be cut, for it has 50 characters and its library keeps 50: what it says is not known; give its worker a shorter name"),
        holders.of(cut).toString());
  }

  @Test
  void asksForTheWorkerWhenOnlyThatIsKnown() {
    Holders holders =
        new Holders(new Holding("images", null), List.of(job("1", null, 5)), job -> Span.NOTHING);
    assertEquals("images", holders.question().holders().getFirst().worker());
    Holders silent =
        new Holders(new Holding(null, null), List.of(job("1", null, 5)), job -> Span.NOTHING);
    assertTrue(silent.question().holders().isEmpty());
  }

  @Test
  void whereOnlyOneWorkerTakesJobsItIsAskedWhateverTheRowSays() {
    Candidate nobody = job("1", null, 5);
    Candidate other = job("2", "somebody", 5);
    Holding only = new Holding("images", HolderPattern.compile("{host}:{pid}"), true, true);
    Holders holders = new Holders(only, List.of(nobody, other), job -> Span.NOTHING);
    assertEquals(2, holders.question().holders().size());
    assertTrue(
        holders.question().holders().stream()
            .allMatch(holder -> holder.only() && holder.trueAge() && holder.pid().isEmpty()));
    holders.answered(List.of(DEAD, DEAD));
    assertEquals(Ruling.DEAD, holders.of(nobody).ruling());
    assertEquals(Ruling.DEAD, holders.of(other).ruling());
  }

  @Test
  void aTimeByTheDatabaseIsTheLesserOfWhatItWasAndIs() {
    Holding only = new Holding("images", null, true, true);
    Holding own = new Holding("images", null, true, false);
    Span span = new Span(Duration.ofSeconds(1), null, Duration.ofSeconds(4));
    for (Candidate job : List.of(job("1", null, 5), job("1", null, 3))) {
      assertEquals(
          Duration.ofSeconds(Math.min(4, job.age().toSeconds())),
          new Holders(only, List.of(job), one -> span).question().holders().getFirst().claimAge());
      assertEquals(
          job.age(),
          new Holders(own, List.of(job), one -> span).question().holders().getFirst().claimAge());
    }
  }

  @Test
  void ofRowsWithoutATimeItTellsHowLongTheyHaveBeenAsTheyAre() {
    Candidate timeless = new Candidate("1", "run.1", null, null, null, "claim", null);
    Candidate later = new Candidate("2", "run.1", null, null, null, "claim", null);
    Candidate timed = job("3", "run.1", 5);
    Holders holders =
        new Holders(
            new Holding("images", HolderPattern.compile("{instance}")),
            List.of(timeless, later, timed),
            job -> Span.NOTHING,
            job -> Optional.of(Duration.ofMillis(job.id().equals("2") ? 9_900 : 9_100)));
    assertEquals(
        Arrays.asList(Duration.ofSeconds(9), null),
        holders.question().holders().stream().map(Holder::unchangedFor).toList());
  }

  @Test
  void saysWhenNobodySaidThatTheNumberIsAPid() {
    HolderPattern pattern = HolderPattern.compile("{host}:{pid}");
    for (boolean assumed : List.of(true, false)) {
      Holding holding = new Holding("images", assumed ? pattern.assumed() : pattern);
      Holders holders = new Holders(holding, List.of(job("1", "a:1", 5)), job -> Span.NOTHING);
      assertEquals(assumed, holders.question().holders().getFirst().pidAssumed());
    }
  }

  private static Holders holders(String format, Candidate... jobs) {
    return new Holders(
        new Holding("images", HolderPattern.compile(format)), List.of(jobs), job -> Span.NOTHING);
  }

  private static Candidate job(String id, @Nullable String holder, int age) {
    return new Candidate(id, holder, Duration.ofSeconds(age), null, null, "claim", null);
  }
}
