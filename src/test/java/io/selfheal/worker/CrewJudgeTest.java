package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.worker.Crew.Hand;
import io.selfheal.worker.Crew.Past;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CrewJudgeTest {
  /** The worker as one test has it. */
  private static final class World {
    private final List<Hand> living = new ArrayList<>();
    private final List<Past> ended = new ArrayList<>();
    private final List<String> strays = new ArrayList<>();
    private final Map<Long, Sighting> sightings = new HashMap<>();
    private String doubt = "";
    private boolean bounded = true;

    World own(long pid, Duration age) {
      return lives(pid, age, 'S', true, pid, 0);
    }

    World found(long pid, Duration age, long session) {
      return lives(pid, age, 'S', false, session, 0);
    }

    World lives(long pid, Duration age, char state, boolean own, long session, long childFaults) {
      living.add(new Hand("images@" + pid, process(pid), own));
      ProcStat stat = new ProcStat(pid, "worker", state, 1, session, 0, 1, pid, 0, 0, childFaults);
      sightings.put(pid, new Sighting.Present(stat, age));
      return this;
    }

    World unseen(long pid, Sighting sighting) {
      living.add(new Hand("images@" + pid, process(pid), true));
      sightings.put(pid, sighting);
      return this;
    }

    World ended(long pid, Duration startedAgo, Duration endedAgo) {
      ended.add(new Past("images@" + pid, startedAgo, endedAgo));
      return this;
    }

    World stray(String words) {
      strays.add(words);
      return this;
    }

    World unbounded() {
      bounded = false;
      return this;
    }

    World doubt(String words) {
      doubt = words;
      return this;
    }

    Verdict judge(Holder holder) {
      return Judge.judge(
          holder,
          new Evidence(
              "here",
              true,
              Set.of("images"),
              Set.of("images"),
              Set.of(),
              Map.of(),
              sightings,
              Map.of(),
              0,
              Map.of("images", new Crew("images", doubt, bounded, living, ended, strays)),
              Walls.NONE));
    }
  }

  private static ProcessIdentity process(long pid) {
    return new ProcessIdentity("boot", pid, pid);
  }

  private static Duration seconds(long count) {
    return Duration.ofSeconds(count);
  }

  /** A job whose row names nobody. */
  private static Holder seen(@Nullable Duration knownFor, @Nullable Duration newerThan) {
    return holder(seconds(5), knownFor, newerThan, false);
  }

  private static Holder holder(
      @Nullable Duration claimAge,
      @Nullable Duration knownFor,
      @Nullable Duration newerThan,
      boolean trueAge) {
    return new Holder(
        "k",
        "images",
        null,
        OptionalLong.empty(),
        OptionalLong.empty(),
        null,
        claimAge,
        knownFor,
        newerThan,
        true,
        trueAge);
  }

  private static void is(Ruling ruling, String evidence, Verdict verdict) {
    assertEquals(ruling, verdict.ruling(), verdict.toString());
    assertTrue(verdict.evidence().getFirst().contains(evidence), verdict.toString());
  }

  @Test
  void whereNobodyLivesTheHolderIsDead() {
    World none = new World().ended(1, seconds(60), seconds(3));
    is(
        Ruling.DEAD,
        "no process of images lives; the last that could have taken it, images@1, ended 3.0 s ago",
        none.judge(seen(seconds(9), seconds(11))));
    is(Ruling.DEAD, "no process of images lives", none.judge(seen(null, null)));
    is(Ruling.DEAD, "no process of images lives", new World().judge(seen(null, null)));
  }

  @Test
  void aProcessThatStartedAfterTheClaimIsNotItsHolder() {
    World again = new World().ended(1, seconds(60), seconds(3)).own(2, seconds(2));
    is(
        Ruling.DEAD,
        "every process of images is younger than the claim: images@2, the oldest, started 2.0 s"
            + " ago, the job was seen taken 9.0 s ago; the last that could have taken it, images@1,"
            + " ended 3.0 s ago",
        again.judge(seen(seconds(9), seconds(11))));
    is(
        Ruling.UNKNOWN,
        "images@2 lives and could hold it; images@1, which could, too, ended 3.0 s ago: the row does not say which of them took it",
        again.judge(seen(Duration.ofMillis(2050), seconds(11))));
    is(Ruling.UNKNOWN, "could hold it", again.judge(seen(null, null)));
  }

  @Test
  void oneThatIsOldEnoughLeavesADoubt() {
    World other =
        new World().ended(1, seconds(60), seconds(3)).own(2, seconds(2)).own(3, seconds(60));
    is(
        Ruling.UNKNOWN,
        "images@3 lives and could hold it; images@1, which could, too, ended 3.0 s ago: the row does not say which of them took it",
        other.judge(seen(seconds(9), seconds(11))));
    is(
        Ruling.UNKNOWN,
        "2 processes of images live that could hold it; images@1",
        other.judge(seen(seconds(1), seconds(11))));
  }

  @Test
  void theDatabasesOwnTimeCountsWhereNothingSpeaksAgainstIt() {
    World again = new World().own(2, seconds(60));
    is(
        Ruling.DEAD,
        "the database says that the job was taken 63 s ago",
        again.judge(holder(seconds(63), seconds(9), null, true)));
    is(Ruling.UNKNOWN, "could", again.judge(holder(seconds(61), seconds(9), null, true)));
    is(Ruling.UNKNOWN, "could", again.judge(holder(seconds(63), seconds(9), null, false)));
    is(Ruling.UNKNOWN, "could", again.judge(holder(null, seconds(9), null, true)));
    // It was not there yet 11 s ago: the database's clock was turned, or this machine stood still.
    is(Ruling.ALIVE, "none", again.judge(holder(seconds(63), seconds(9), seconds(11), true)));
  }

  /** One took a job and died of it at once; the next started 300 ms after the claim. */
  @Test
  void whoFollowsAtOnceIsToldFromWhoTookItWhereTheClaimWasSeenToBeThatYoung() {
    Duration claim = Duration.ofMillis(1_500);
    Duration seen = Duration.ofMillis(500);
    World again =
        new World()
            .ended(1, seconds(60), Duration.ofMillis(1_400))
            .own(2, Duration.ofMillis(1_200));
    is(Ruling.DEAD, "younger than the claim", again.judge(holder(claim, seen, seconds(2), true)));
    is(Ruling.UNKNOWN, "could", again.judge(holder(claim, seen, null, true)));
    is(Ruling.UNKNOWN, "could", again.judge(holder(claim, seen, seconds(2), false)));
    is(Ruling.ALIVE, "none", again.judge(holder(claim, seen, seconds(1), true)));
    World itself =
        new World()
            .ended(1, seconds(60), Duration.ofMillis(1_400))
            .own(2, Duration.ofMillis(1_490));
    is(Ruling.UNKNOWN, "could", itself.judge(holder(claim, seen, seconds(2), true)));
  }

  @Test
  void aliveWhenAllWhoCouldHaveTakenItLive() {
    World two = new World().own(1, seconds(60)).own(2, seconds(60));
    is(
        Ruling.ALIVE,
        "2 processes of images live that could hold it; none that could has ended since",
        two.judge(seen(seconds(9), seconds(11))));
    is(Ruling.UNKNOWN, "before is not known", two.judge(seen(seconds(9), null)));
    two.ended(3, seconds(70), seconds(12));
    is(Ruling.ALIVE, "none that could", two.judge(seen(seconds(9), seconds(11))));
    two.ended(4, seconds(70), seconds(10));
    is(Ruling.UNKNOWN, "images@4, which could", two.judge(seen(seconds(9), seconds(11))));
  }

  @Test
  void frozenIsAlive() {
    World frozen = new World().lives(1, seconds(60), 'T', true, 1, 0);
    is(Ruling.ALIVE, "lives", frozen.judge(seen(seconds(9), seconds(11))));
    frozen.ended(2, seconds(60), seconds(3));
    is(Ruling.UNKNOWN, "images@1 lives", frozen.judge(seen(seconds(9), seconds(11))));
  }

  @Test
  void aParentLivesButItsChildMayHaveHadTheJob() {
    World parent = new World().lives(1, seconds(60), 'S', true, 1, 250);
    is(Ruling.UNKNOWN, "a child", parent.judge(seen(seconds(9), seconds(11))));
  }

  @Test
  void aChildMayWorkOnWithItsParentsJob() {
    World child = new World().ended(1, seconds(60), seconds(3)).found(2, seconds(4), 1);
    is(
        Ruling.UNKNOWN,
        "images@2 started 4.0 s ago, after the job was taken, but before images@1 ended",
        child.judge(seen(seconds(9), seconds(11))));
    World later = new World().ended(1, seconds(60), seconds(5)).found(2, seconds(4), 1);
    is(Ruling.DEAD, "younger", later.judge(seen(seconds(9), seconds(11))));
    World orphan = new World().found(2, seconds(4), 1);
    is(Ruling.UNKNOWN, "whose child it is", orphan.judge(seen(seconds(9), null)));
    World leader = new World().found(2, seconds(4), 2);
    is(Ruling.DEAD, "younger", leader.judge(seen(seconds(9), null)));
    World stray = new World().ended(1, seconds(60), seconds(3)).stray("pid 9 lives");
    is(Ruling.UNKNOWN, "pid 9 lives", stray.judge(seen(seconds(9), seconds(11))));
  }

  @Test
  void whoseEndWasSeenSeemsGoneThoughSomethingElseLeavesADoubt() {
    Holder known = seen(seconds(9), seconds(11));
    World killed = new World().ended(1, seconds(60), seconds(3)).stray("pid 9 lives");
    assertEquals(
        List.of(
            "pid 9 lives",
            "no process of images lives; the last that could have taken it, images@1, ended 3.0 s"
                + " ago"),
        killed.judge(known).evidence());
    assertTrue(killed.judge(known).seemsGone());
    assertTrue(killed.own(2, seconds(2)).judge(known).seemsGone(), "it runs again");
    World before = new World().ended(1, seconds(60), seconds(3)).unbounded();
    assertTrue(before.judge(seen(seconds(9), null)).seemsGone());
    for (World open :
        List.of(
            new World().ended(1, seconds(60), seconds(3)).own(2, seconds(60)).stray("pid 9 lives"),
            new World().ended(1, seconds(60), seconds(3)).found(2, seconds(4), 1),
            new World().unseen(1, new Sighting.Absent()).ended(2, seconds(60), seconds(3)),
            new World().ended(1, seconds(60), seconds(20)).stray("pid 9 lives"),
            new World().ended(1, seconds(5), seconds(3)).stray("pid 9 lives"),
            new World().stray("pid 9 lives"),
            new World().unbounded(),
            new World().ended(1, seconds(60), seconds(3)).doubt("not all may be known"))) {
      Verdict verdict = open.judge(known);
      assertEquals(Ruling.UNKNOWN, verdict.ruling(), verdict.toString());
      assertFalse(verdict.seemsGone(), verdict.toString());
    }
    assertFalse(new World().ended(1, seconds(60), seconds(3)).judge(known).seemsGone(), "proven");
  }

  @Test
  void whereNothingBoundsTheWorkerWhoTookTheJobMustHaveBeenSeen() {
    World again = new World().ended(1, seconds(60), seconds(3)).own(2, seconds(2)).unbounded();
    is(Ruling.DEAD, "younger", again.judge(seen(seconds(9), seconds(11))));
    is(Ruling.UNKNOWN, "before this agent watched", again.judge(seen(seconds(9), null)));
    World nobody = new World().unbounded();
    is(Ruling.UNKNOWN, "before this agent", nobody.judge(seen(seconds(9), seconds(11))));
    World leader = new World().found(2, seconds(4), 2).unbounded();
    is(Ruling.UNKNOWN, "whose child it is", leader.judge(seen(seconds(9), seconds(11))));
  }

  @Test
  void whatIsNotWhollyKnownIsUnknown() {
    World world = new World().doubt("not all processes of images may be known");
    is(Ruling.UNKNOWN, "not all", world.judge(seen(seconds(9), seconds(11))));
    World hidden = new World().unseen(1, new Sighting.Hidden("hidden"));
    is(Ruling.UNKNOWN, "could hold it", hidden.judge(seen(seconds(9), seconds(11))));
    World ending = new World().unseen(1, new Sighting.Absent());
    is(Ruling.UNKNOWN, "is ending just now", ending.judge(seen(seconds(9), seconds(11))));
    World zombie = new World().lives(1, seconds(60), 'Z', true, 1, 0);
    is(Ruling.UNKNOWN, "is ending just now", zombie.judge(seen(seconds(9), seconds(11))));
  }
}
