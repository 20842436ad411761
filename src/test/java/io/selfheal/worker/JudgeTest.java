package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JudgeTest {
  private static final long PID = 4711;
  private static final long OUTER = 11_204;
  private static final long TICKS = 123;

  /** The world as one test has it. */
  private static final class World {
    boolean root = true;
    final Set<String> seen = new HashSet<>(Set.of("images"));
    final Set<String> walled = new HashSet<>();
    final Map<String, Filled> instances = new HashMap<>();
    final Map<Long, Sighting> sightings = new HashMap<>();
    final Map<Long, Fallen> ended = new HashMap<>();

    Walls walls = Walls.NONE;

    /** A look that began just now found a process elsewhere that calls itself by that pid. */
    World walled(long pid, long ticks, Duration age) {
      ProcStat other = new ProcStat(OUTER, "ruby", 'S', 1, PID, 0, 1, ticks, 0, 0);
      walls = new Walls(0, true, Map.of(pid, List.of(new Sighting.Present(other, age))));
      return this;
    }

    World present(char state, Duration age) {
      sightings.put(PID, new Sighting.Present(stat(state, TICKS), age));
      return this;
    }

    World absent() {
      sightings.put(PID, new Sighting.Absent());
      return this;
    }

    World fell(long ticks, Duration ago) {
      ended.put(PID, new Fallen("images", "images.1", process(ticks), -ago.toNanos()));
      return this;
    }

    World slot(long ticks, long ownPid, @Nullable Duration endedAgo) {
      instances.put("images.1", new Filled("images", "images.1", process(ticks), ownPid, endedAgo));
      return this;
    }

    Verdict judge(Holder holder) {
      return Judge.judge(
          holder,
          new Evidence(
              "here",
              root,
              Set.of("images"),
              seen,
              walled,
              instances,
              sightings,
              ended,
              0,
              Map.of(),
              walls));
    }
  }

  private static ProcessIdentity process(long ticks) {
    return new ProcessIdentity("boot", PID, ticks);
  }

  private static ProcStat stat(char state, long ticks) {
    return new ProcStat(PID, "worker", state, 1, PID, 0, 1, ticks, 0, 0);
  }

  private static Duration seconds(long count) {
    return Duration.ofSeconds(count);
  }

  private static Holder pid(@Nullable Duration claimAge) {
    return holder(null, OptionalLong.of(PID), OptionalLong.empty(), null, claimAge);
  }

  /** Of no worker, by a row that does not say when the job was taken. */
  private static Holder beat(Duration beatAge) {
    return new Holder(
        "k",
        null,
        null,
        OptionalLong.of(PID),
        OptionalLong.empty(),
        null,
        null,
        null,
        null,
        false,
        false,
        beatAge,
        null,
        false);
  }

  private static Holder exact(long ticks) {
    return holder(null, OptionalLong.of(PID), OptionalLong.of(ticks), null, seconds(5));
  }

  private static Holder instance(@Nullable Duration claimAge) {
    return holder(null, OptionalLong.empty(), OptionalLong.empty(), "images.1", claimAge);
  }

  private static Holder holder(
      @Nullable String host,
      OptionalLong pid,
      OptionalLong ticks,
      @Nullable String instance,
      @Nullable Duration claimAge) {
    return new Holder("k", "images", host, pid, ticks, instance, claimAge);
  }

  private static void is(Ruling ruling, String evidence, Verdict verdict) {
    assertEquals(ruling, verdict.ruling(), verdict.toString());
    assertTrue(verdict.evidence().getFirst().contains(evidence), verdict.toString());
  }

  @Test
  void byPid() {
    is(Ruling.DEAD, "no process 4711", new World().absent().judge(pid(seconds(9))));
    is(Ruling.ALIVE, "is alive", new World().present('S', seconds(60)).judge(pid(seconds(9))));
    is(Ruling.ALIVE, "is alive", new World().present('S', seconds(8)).judge(pid(seconds(9))));
    is(
        Ruling.UNKNOWN,
        "started 12 s ago, and the row says that the job was taken 40 s ago",
        new World().present('S', seconds(12)).judge(pid(seconds(40))));
    is(Ruling.ALIVE, "state T", new World().present('T', seconds(60)).judge(pid(seconds(9))));
    is(Ruling.DEAD, "zombie", new World().present('Z', seconds(60)).judge(pid(seconds(9))));
    is(Ruling.UNKNOWN, "has no time", new World().present('S', seconds(60)).judge(pid(null)));
    is(Ruling.ALIVE, "is alive", new World().present('S', seconds(60)).judge(beat(seconds(50))));
    is(Ruling.ALIVE, "is alive", new World().present('S', seconds(8)).judge(beat(seconds(9))));
    is(
        Ruling.UNKNOWN,
        "started 12 s ago, and the row says that its holder gave a heartbeat 40 s ago",
        new World().present('S', seconds(12)).judge(beat(seconds(40))));
    is(Ruling.DEAD, "no process 4711", new World().absent().judge(beat(seconds(1))));
    is(Ruling.UNKNOWN, "not looked for", new World().judge(pid(seconds(9))));
    is(
        Ruling.DEAD,
        "pid 4711 (start 123) of images.1 was seen to end 0.4 s ago",
        new World().absent().fell(TICKS, Duration.ofMillis(400)).judge(pid(seconds(9))));
    is(
        Ruling.ALIVE,
        "is alive",
        new World().present('S', seconds(60)).fell(7, seconds(90)).judge(pid(seconds(9))));
  }

  @Test
  void byStartTicks() {
    is(Ruling.ALIVE, "is alive", new World().present('S', seconds(9)).judge(exact(TICKS)));
    is(Ruling.DEAD, "another process", new World().present('S', seconds(9)).judge(exact(7)));
    is(
        Ruling.DEAD,
        "seen to end",
        new World().present('S', seconds(9)).fell(TICKS, seconds(1)).judge(exact(TICKS)));
  }

  @Test
  void byInstance() {
    World alive = new World().present('S', seconds(12)).slot(TICKS, PID, null);
    is(Ruling.ALIVE, "is alive", alive.judge(instance(seconds(9))));
    is(Ruling.ALIVE, "is alive", alive.judge(instance(null)));
    is(Ruling.UNKNOWN, "or a clock is wrong", alive.judge(instance(seconds(40))));
    World lost = new World().absent().slot(TICKS, PID, seconds(3));
    is(Ruling.DEAD, "was seen to end 3.0 s ago", lost.judge(instance(seconds(9))));
    is(Ruling.DEAD, "was seen to end", lost.judge(instance(null)));
    World longAgo = new World().absent().slot(TICKS, PID, seconds(60));
    is(Ruling.UNKNOWN, "not seen", longAgo.judge(instance(seconds(9))));
    is(Ruling.UNKNOWN, "no process of an instance", new World().judge(instance(seconds(9))));
  }

  @Test
  void whatIsNotOfThisHostIsUnknown() {
    World world = new World().absent();
    Holder elsewhere =
        holder("there", OptionalLong.of(PID), OptionalLong.empty(), null, seconds(9));
    is(Ruling.UNKNOWN, "host there", world.judge(elsewhere));
    Holder nothing = holder("here", OptionalLong.empty(), OptionalLong.empty(), null, null);
    is(Ruling.UNKNOWN, "neither", world.judge(nothing));
    Holder stranger =
        new Holder("k", "strangers", null, OptionalLong.of(PID), OptionalLong.empty(), null, null);
    is(Ruling.UNKNOWN, "no worker is called strangers", world.judge(stranger));
    Holder noPid = holder(null, OptionalLong.of(-3), OptionalLong.empty(), null, seconds(9));
    is(Ruling.UNKNOWN, "not a process id", world.judge(noPid));
  }

  @Test
  void otherPidNamespacesProveNothing() {
    World container = new World().absent();
    container.root = false;
    is(Ruling.DEAD, "no process", container.judge(pid(seconds(9))));
    container.seen.clear();
    is(Ruling.UNKNOWN, "another pid namespace", container.judge(pid(seconds(9))));

    World walled = new World().absent();
    walled.walled.add("images");
    is(Ruling.UNKNOWN, "another pid namespace", walled.judge(pid(seconds(9))));
    walled.present('S', seconds(60)).slot(TICKS, 7, null);
    Holder inside = holder(null, OptionalLong.of(7), OptionalLong.empty(), null, seconds(9));
    is(Ruling.ALIVE, "is alive", walled.judge(inside));
  }

  /** Taken as its row says, seen since then; named by its pid alone. */
  private static Holder known(Duration claimAge, @Nullable Duration knownFor, boolean trueAge) {
    return new Holder(
        "k",
        null,
        "here",
        OptionalLong.of(PID),
        OptionalLong.empty(),
        null,
        claimAge,
        knownFor,
        null,
        false,
        trueAge);
  }

  @Test
  void aProcessThatAContainerCallsByThePidOfTheRowMayBeTheHolder() {
    Holder row = known(seconds(9), seconds(5), false);
    is(
        Ruling.UNKNOWN,
        "no process 4711 on this host; but pid 4711 may be process 11204 (ruby), started 60 s ago, which a container calls 4711",
        new World().absent().walled(PID, TICKS, seconds(60)).judge(row));
    is(
        Ruling.UNKNOWN,
        "pid 4711 is another process now: started 4.0 s ago, the job was seen taken 5.0 s ago; but pid 4711 may be process 11204",
        new World().present('S', seconds(4)).walled(PID, TICKS, seconds(60)).judge(row));
    is(
        Ruling.UNKNOWN,
        "(zombie); but pid 4711 may be process 11204",
        new World().present('Z', seconds(60)).walled(PID, TICKS, seconds(60)).judge(row));
    is(
        Ruling.UNKNOWN,
        "seen to end 20 s ago; but pid 4711 may be process 11204",
        new World().absent().fell(7, seconds(20)).walled(PID, TICKS, seconds(60)).judge(row));
    is(
        Ruling.ALIVE,
        "pid 4711 is process 11204 (ruby), started 60 s ago, which a container calls 4711",
        new World().absent().walled(PID, TICKS, seconds(60)).judge(exact(TICKS)));
  }

  @Test
  void containersThatOnlyExistAreNoDoubt() {
    Holder row = known(seconds(9), seconds(5), false);
    is(Ruling.DEAD, "no process", new World().absent().walled(7, TICKS, seconds(60)).judge(row));
    is(Ruling.DEAD, "no process", new World().absent().walled(PID, 7, seconds(4)).judge(row));
    is(
        Ruling.DEAD,
        "no process",
        new World()
            .absent()
            .walled(PID, 7, seconds(60))
            .judge(known(seconds(90), seconds(5), true)));
    is(
        Ruling.UNKNOWN,
        "may be process",
        new World()
            .absent()
            .walled(PID, 7, seconds(60))
            .judge(known(seconds(90), seconds(5), false)));
    is(
        Ruling.DEAD,
        "no process",
        new World().absent().walled(PID, 7, seconds(60)).judge(exact(TICKS)));
    is(
        Ruling.DEAD,
        "seen to end 3.0 s ago",
        new World().absent().fell(TICKS, seconds(3)).walled(PID, 7, seconds(60)).judge(row));
    is(
        Ruling.DEAD,
        "seen to end",
        new World()
            .absent()
            .slot(TICKS, PID, seconds(3))
            .fell(TICKS, seconds(3))
            .walled(PID, 7, seconds(60))
            .judge(instance(seconds(9))));
  }

  @Test
  void aLookBehindTheWallsCountsForClaimsThatWereKnownBefore() {
    World world = new World().absent();
    world.walls = new Walls(-seconds(5).toNanos(), true, Map.of());
    is(Ruling.DEAD, "no process", world.judge(known(seconds(9), seconds(6), false)));
    is(Ruling.DEAD, "no process", world.judge(known(seconds(9), seconds(1), true)));
    is(Ruling.UNKNOWN, "not looked for", world.judge(known(seconds(9), seconds(5), false)));
    is(Ruling.UNKNOWN, "not looked for", world.judge(known(seconds(9), null, false)));
    is(Ruling.UNKNOWN, "not looked for", world.judge(known(seconds(6), null, true)));
  }

  @Test
  void whereProcessesAreHiddenTheHolderMayBeOne() {
    World world = new World().absent();
    world.walls = new Walls(0, false, Map.of());
    is(Ruling.UNKNOWN, "(hidepid)", world.judge(known(seconds(9), seconds(5), false)));
    is(Ruling.DEAD, "seen to end", world.fell(TICKS, seconds(3)).judge(pid(seconds(9))));
  }

  /** A row without a time; what else is known of it. */
  private static Holder timeless(
      @Nullable String instance, @Nullable Duration unchangedFor, boolean pidAssumed) {
    return new Holder(
        "k",
        "images",
        null,
        instance == null ? OptionalLong.of(PID) : OptionalLong.empty(),
        OptionalLong.empty(),
        instance,
        null,
        null,
        null,
        false,
        false,
        null,
        unchangedFor,
        pidAssumed);
  }

  @Test
  void aJobThatIsOlderThanTheProcessOfItsInstanceSeemsLostThoughItsRowHasNoTime() {
    World reborn = new World().present('S', seconds(12)).slot(TICKS, PID, null);
    for (String instance : Arrays.asList("images.1", null)) {
      Verdict lost = reborn.judge(timeless(instance, seconds(13), false));
      is(
          Ruling.UNKNOWN,
          "pid 4711 started 12 s ago, and the row has been as it is for 13 s: the process before it held the job",
          lost);
      assertTrue(lost.seemsGone());
      is(Ruling.ALIVE, "is alive", reborn.judge(timeless(instance, seconds(12), false)));
      is(Ruling.ALIVE, "is alive", reborn.judge(timeless(instance, null, false)));
    }
  }

  @Test
  void aNumberOfWhichNobodySaidThatItIsAPidProvesNoDeath() {
    Holder port = timeless(null, null, true);
    is(
        Ruling.UNKNOWN,
        "no process 4711 on this host; but nobody said that 4711 in the row is a pid: write holder.format",
        new World().absent().judge(port));
    is(Ruling.DEAD, "no process", new World().absent().judge(timeless(null, null, false)));
    is(Ruling.DEAD, "seen to end", new World().absent().fell(TICKS, seconds(3)).judge(port));
    is(
        Ruling.ALIVE,
        "is alive",
        new World().present('S', seconds(9)).slot(TICKS, PID, null).judge(port));
  }

  @Test
  void whatIsHiddenIsUnknown() {
    World world = new World();
    world.sightings.put(PID, new Sighting.Hidden("/proc does not show it"));
    is(Ruling.UNKNOWN, "does not show", world.judge(pid(seconds(9))));
    is(Ruling.UNKNOWN, "does not show", world.judge(exact(TICKS)));
    is(Ruling.UNKNOWN, "does not show", world.slot(TICKS, PID, null).judge(instance(seconds(9))));
  }

  @Property
  void aLivingProcessThatIsOlderThanTheClaimIsNeverDead(
      @ForAll @LongRange(max = 10_000_000) long claimMillis,
      @ForAll @LongRange(max = 10_000_000) long olderMillis,
      @ForAll @IntRange(max = 4) int state,
      @ForAll boolean inSlot,
      @ForAll boolean exact) {
    Duration claim = Duration.ofMillis(claimMillis);
    World world = new World().present("RSDTt".charAt(state), claim.plusMillis(olderMillis));
    if (inSlot) {
      world.slot(TICKS, PID, null);
    }
    Holder holder = exact ? exact(TICKS) : pid(claim);
    assertEquals(Ruling.ALIVE, world.judge(holder).ruling());
  }

  @Property
  void nothingIsDeadUnlessItsProcessIsGoneOrAnother(
      @ForAll @LongRange(max = 100_000) long claimMillis,
      @ForAll @LongRange(max = 100_000) long ageMillis) {
    Verdict verdict =
        new World()
            .present('S', Duration.ofMillis(ageMillis))
            .judge(pid(Duration.ofMillis(claimMillis)));
    boolean younger = ageMillis + Judge.MARGIN.toMillis() < claimMillis;
    assertEquals(younger ? Ruling.UNKNOWN : Ruling.ALIVE, verdict.ruling());
    assertNotEquals(0, verdict.evidence().size());
  }

  private static Holder seen(
      Duration claimAge, @Nullable Duration knownFor, @Nullable Duration newerThan) {
    return new Holder(
        "k",
        "images",
        null,
        OptionalLong.empty(),
        OptionalLong.empty(),
        "images.1",
        claimAge,
        knownFor,
        newerThan);
  }

  @Test
  void whatTheAgentSawItselfOutweighsTheRow() {
    World world = new World().present('S', seconds(12)).slot(TICKS, PID, null);
    is(
        Ruling.DEAD,
        "images.1 is another process now: started 12 s ago, the job was seen taken 13 s ago",
        world.judge(seen(seconds(1), seconds(13), seconds(15))));
    is(Ruling.ALIVE, "is alive", world.judge(seen(seconds(18_000), seconds(9), seconds(11))));
    is(Ruling.UNKNOWN, "clock", world.judge(seen(seconds(18_000), seconds(11), seconds(13))));
    is(Ruling.ALIVE, "is alive", world.judge(seen(seconds(3), seconds(12), seconds(14))));
    is(Ruling.ALIVE, "is alive", world.judge(seen(seconds(3), null, null)));
  }

  /** The clock that wrote the row may say what it will, by hours ahead or behind. */
  @Property
  void theProcessThatTookTheJobIsNeverDead(
      @ForAll @LongRange(max = 10_000_000) long ageMillis,
      @ForAll @LongRange(max = 10_000_000) long takenMillis,
      @ForAll @LongRange(max = 100_000) long unseenMillis,
      @ForAll @LongRange(min = -50_000_000, max = 50_000_000) long skewMillis) {
    Duration taken = Duration.ofMillis(Math.min(takenMillis, ageMillis));
    Duration known = taken.minusMillis(Math.min(unseenMillis, taken.toMillis()));
    Duration claim = taken.plusMillis(skewMillis);
    World world = new World().present('S', Duration.ofMillis(ageMillis)).slot(TICKS, PID, null);
    for (Duration newer : Arrays.asList(null, taken.plusMillis(unseenMillis))) {
      Verdict verdict = world.judge(seen(claim.isNegative() ? Duration.ZERO : claim, known, newer));
      assertNotEquals(Ruling.DEAD, verdict.ruling(), verdict.toString());
      boolean proven = newer != null && newer.plusMillis(200).toMillis() < ageMillis;
      if (proven) {
        assertEquals(Ruling.ALIVE, verdict.ruling(), verdict.toString());
      }
    }
  }
}
