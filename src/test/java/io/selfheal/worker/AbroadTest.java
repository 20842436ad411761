package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Holder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AbroadTest {
  private static final long PID = 4711;
  private static final long TICKS = 123;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ROOT = "pid:[4026531836]";
  private static final Place HERE = new Place("here", "boot-here", ROOT);
  private static final Place THERE = new Place("there", "boot-there", ROOT);

  /** The world as one test has it: the agent on "here" judges now. */
  private static final class World {
    final List<View> views = new ArrayList<>();
    final Map<String, Filled> instances = new HashMap<>();
    final Map<Long, Sighting> sightings = new HashMap<>(Map.of(PID, new Sighting.Absent()));
    final Map<Long, Fallen> ended = new HashMap<>();
    final Map<String, Crew> crews = new HashMap<>();
    private Views read = Views.waiting(HERE, -seconds(100).toNanos());
    private boolean shares;

    /** Shares a database since that time, and has read nothing of it. */
    World waits(double ago) {
      shares = true;
      read = Views.waiting(HERE, -seconds(ago).toNanos());
      return this;
    }

    /** Reads all views there are then; each is that of one agent in its place. */
    World reads(double ago, View... all) {
      shares = true;
      read =
          new Views(HERE, List.of(all), NOW.minus(seconds(ago)), -seconds(ago).toNanos())
              .after(read);
      return this;
    }

    World view(Place place, double ago, Mention... processes) {
      views.add(
          new View(
              UUID.randomUUID(),
              1,
              "agent-" + views.size(),
              place,
              NOW.minus(seconds(ago)),
              List.of(processes)));
      return this;
    }

    World fellHere(double ago) {
      ended.put(
          PID,
          new Fallen(
              "images",
              "images.1",
              new ProcessIdentity(HERE.bootId(), PID, TICKS),
              -seconds(ago).toNanos()));
      instances.put("images.1", ended.get(PID).filled(0));
      return this;
    }

    Verdict judge(Holder holder) {
      return judge(holder, 0);
    }

    /** Some nanoseconds after the views were read. */
    Verdict judge(Holder holder, long later) {
      Evidence evidence =
          new Evidence(
              "here",
              true,
              Set.of("images"),
              Set.of("images"),
              Set.of(),
              instances,
              sightings,
              ended,
              later,
              crews,
              Walls.NONE);
      return Abroad.judge(holder, evidence, shares ? read : new Views(HERE, views, NOW, 0));
    }
  }

  /** The view of the one agent of a place, as it was published some time ago. */
  private static View told(Place place, double ago, Mention... processes) {
    return new View(
        UUID.nameUUIDFromBytes(place.toString().getBytes(StandardCharsets.UTF_8)),
        1,
        "other",
        place,
        NOW.minus(seconds(ago)),
        List.of(processes));
  }

  private static Duration seconds(double count) {
    return Duration.ofNanos(Math.round(count * 1e9));
  }

  private static Mention process(
      Place place, long ticks, long ownPid, double age, @Nullable Double ended, boolean vacant) {
    return new Mention(
        "images",
        "images.1",
        new ProcessIdentity(place.bootId(), PID, ticks),
        ownPid,
        NOW.minus(seconds(age)),
        ended == null ? null : NOW.minus(seconds(ended)),
        vacant);
  }

  private static Mention alive(Place place, double age) {
    return process(place, TICKS, PID, age, null, false);
  }

  private static Mention ended(Place place, double age, double ago) {
    return process(place, TICKS, PID, age, ago, true);
  }

  private static Holder pid(@Nullable String host, double claim, @Nullable Double known) {
    return holder(host, OptionalLong.of(PID), OptionalLong.empty(), null, claim, known);
  }

  private static Holder exact(String host, long ticks) {
    return holder(host, OptionalLong.of(PID), OptionalLong.of(ticks), null, 9, null);
  }

  private static Holder instance(@Nullable String host, double claim, @Nullable Double known) {
    return holder(host, OptionalLong.empty(), OptionalLong.empty(), "images.1", claim, known);
  }

  private static Holder holder(
      @Nullable String host,
      OptionalLong pid,
      OptionalLong ticks,
      @Nullable String instance,
      double claim,
      @Nullable Double known) {
    return new Holder(
        "k",
        "images",
        host,
        pid,
        ticks,
        instance,
        seconds(claim),
        known == null ? null : seconds(known),
        null);
  }

  private static void is(Ruling ruling, String evidence, Verdict verdict) {
    assertEquals(ruling, verdict.ruling(), verdict.toString());
    assertTrue(verdict.evidence().getFirst().contains(evidence), verdict.toString());
  }

  @Test
  void whatNobodyTellsIsUnknown() {
    is(Ruling.UNKNOWN, "the row names host there", new World().judge(pid("there", 9, 9.0)));
    is(
        Ruling.UNKNOWN,
        "the row names host there",
        new World()
            .view(new Place("other", "b", ROOT), 1, alive(THERE, 60))
            .judge(pid("there", 9, 9.0)));
    is(
        Ruling.UNKNOWN,
        "agent-0 (1.0 s ago) sees no pid 4711 among the workers of host there",
        new World().view(THERE, 1).judge(pid("there", 9, 9.0)));
    is(
        Ruling.UNKNOWN,
        "too old to tell anything: agent agent-1 (12 s ago)",
        new World()
            .view(THERE, 40, ended(THERE, 60, 50))
            .view(THERE, 12, alive(THERE, 60))
            .judge(pid("there", 9, 9.0)));
    is(
        Ruling.UNKNOWN,
        "sees no process named by the row",
        new World()
            .view(THERE, 1, alive(THERE, 60))
            .judge(holder("there", OptionalLong.empty(), OptionalLong.empty(), null, 9, 9.0)));
  }

  @Test
  void aViewGrowsOldWhileItIsKept() {
    World world = new World().view(THERE, 1, alive(THERE, 60));
    is(Ruling.ALIVE, "agent agent-0 (1.0 s ago)", world.judge(pid("there", 9, 9.0)));
    is(
        Ruling.ALIVE,
        "agent agent-0 (9.0 s ago)",
        world.judge(pid("there", 9, 9.0), 8_000_000_000L));
    is(Ruling.UNKNOWN, "too old", world.judge(pid("there", 9, 9.0), 9_100_000_000L));
    is(
        Ruling.UNKNOWN,
        "too old",
        new World().view(THERE, -3, alive(THERE, 60)).judge(pid("there", 9, 9.0)));
  }

  @Test
  void whatLivesThereIsAlive() {
    World world = new World().view(THERE, 1, alive(THERE, 60));
    is(
        Ruling.ALIVE,
        "sees pid 4711 (start 123) of images.1 alive, started 60 s ago",
        world.judge(pid("there", 9, 9.0)));
    is(Ruling.ALIVE, "alive", world.judge(pid("THERE", 61, 9.0)));
    is(Ruling.ALIVE, "alive", world.judge(instance("there", 9, null)));
    is(Ruling.ALIVE, "alive", world.judge(exact("there", TICKS)));
    is(Ruling.UNKNOWN, "a clock is wrong", world.judge(pid("there", 3600, 9.0)));
    is(Ruling.UNKNOWN, "a clock is wrong", world.judge(instance("there", 3600, 9.0)));
    is(Ruling.UNKNOWN, "older than the holder", world.judge(exact("there", TICKS + 1)));
    World stillThere =
        new World().view(THERE, 1, ended(THERE, 60, 3)).view(THERE, 2, alive(THERE, 60));
    is(Ruling.ALIVE, "agent-1", stillThere.judge(exact("there", TICKS)));
  }

  @Test
  void whatWasSeenToEndThereIsDeadForJobsThatWereTakenBefore() {
    World world = new World().view(THERE, 1, ended(THERE, 60, 5));
    is(
        Ruling.DEAD,
        "agent agent-0 (1.0 s ago) saw pid 4711 (start 123) of images.1 end 5.0 s ago, and no process",
        world.judge(pid("there", 9, 3.5)));
    is(Ruling.DEAD, "end 5.0 s ago", world.judge(pid("there", 7200, 3.5)));
    is(Ruling.UNKNOWN, "not known yet", world.judge(pid("there", 9, 2.5)));
    is(Ruling.UNKNOWN, "not known yet", world.judge(pid("there", 7200, null)));
    is(Ruling.DEAD, "end 5.0 s ago", world.judge(exact("there", TICKS)));
    is(Ruling.DEAD, "end 5.0 s ago", world.judge(instance("there", 9, 9.0)));
    is(Ruling.UNKNOWN, "another process of that name", world.judge(instance("there", 1, 9.0)));
    is(Ruling.UNKNOWN, "not known yet", world.judge(instance("there", 9, null)));
    World reused = new World().view(THERE, 1, process(THERE, TICKS, PID, 60, 5.0, false));
    is(Ruling.UNKNOWN, "before or after", reused.judge(pid("there", 9, 9.0)));
    is(Ruling.DEAD, "end 5.0 s ago", reused.judge(exact("there", TICKS)));
  }

  @Test
  void whatFollowedThereIsNotTheHolder() {
    Mention next = process(THERE, 900, PID, 4, null, false);
    World reborn = new World().view(THERE, 1, next);
    is(
        Ruling.DEAD,
        "is another process now: started 4.0 s ago",
        reborn.judge(pid("there", 9, 9.0)));
    is(Ruling.UNKNOWN, "a clock is wrong", reborn.judge(pid("there", 9, 5.0)));
    is(Ruling.ALIVE, "alive", reborn.judge(pid("there", 5, 5.0)));
    is(Ruling.DEAD, "its start is 900, the holder's was 123", reborn.judge(exact("there", TICKS)));
    is(Ruling.UNKNOWN, "not seen to end", reborn.judge(instance("there", 9, 9.0)));
    World restarted = new World().view(THERE, 1, ended(THERE, 60, 6), next);
    is(Ruling.DEAD, "end 6.0 s ago", restarted.judge(instance("there", 9, 9.0)));
    is(Ruling.UNKNOWN, "another process of that name", restarted.judge(instance("there", 2, 9.0)));
    is(Ruling.ALIVE, "alive", restarted.judge(instance("there", 2, 2.0)));
    World silent = restarted.view(THERE, 60, alive(THERE, 600));
    is(Ruling.UNKNOWN, "silent now", silent.judge(instance("there", 9, 9.0)));
  }

  @Test
  void pidsOfContainersProveNothing() {
    Mention gone = process(THERE, TICKS, 7, 60, 5.0, true);
    Mention lives = process(THERE, 900, 7, 60, null, false);
    Holder inside = holder("there", OptionalLong.of(7), OptionalLong.empty(), null, 9, 9.0);
    is(Ruling.ALIVE, "alive", new World().view(THERE, 1, lives).judge(inside));
    is(Ruling.UNKNOWN, "namespace", new World().view(THERE, 1, gone).judge(inside));
    is(Ruling.UNKNOWN, "namespace", new World().view(THERE, 1, gone).judge(pid("there", 9, 9.0)));
    is(
        Ruling.UNKNOWN,
        "namespace",
        new World().view(THERE, 1, gone, ended(THERE, 60, 5)).judge(pid("there", 9, 9.0)));
    Place container = new Place("there", "boot-there", "pid:[4026532000]");
    World sidecar = new World().view(container, 1, ended(container, 60, 5));
    is(Ruling.DEAD, "end 5.0 s ago", sidecar.judge(pid("there", 9, 9.0)));
    Holder nobodys =
        new Holder(
            "k",
            null,
            "there",
            OptionalLong.of(PID),
            OptionalLong.empty(),
            null,
            seconds(9),
            seconds(9),
            null);
    is(Ruling.UNKNOWN, "namespace", sidecar.judge(nobodys));
    is(Ruling.DEAD, "end", new World().view(THERE, 1, ended(THERE, 60, 5)).judge(nobodys));
  }

  @Test
  void twoMachinesOfOneNameProveNoDeathOfEachOther() {
    Place twin = new Place("there", "boot-twin", ROOT);
    World both = new World().view(THERE, 1, ended(THERE, 60, 5)).view(twin, 1);
    is(Ruling.UNKNOWN, "agents in several places", both.judge(pid("there", 9, 9.0)));
    is(Ruling.UNKNOWN, "agents in several places", both.judge(exact("there", TICKS)));
    both.view(twin, 1, alive(twin, 60));
    is(Ruling.ALIVE, "agent-2", both.judge(pid("there", 9, 9.0)));
    World two = new World().view(THERE, 1, ended(THERE, 60, 5)).view(THERE, 1);
    is(Ruling.DEAD, "agent-0", two.judge(pid("there", 9, 9.0)));
    World later = new World().view(THERE, 1, ended(THERE, 60, 5)).view(twin, 30);
    is(Ruling.UNKNOWN, "agent-1 (30 s ago)", later.judge(pid("there", 9, 9.0)));
  }

  @Test
  void aMachineOfOurOwnNameMakesAnAbsentPidProveNothing() {
    Place twin = new Place("here", "boot-twin", ROOT);
    Holder row = pid("here", 9, 9.0);
    is(Ruling.DEAD, "no process 4711 on this host", new World().judge(row));
    is(
        Ruling.UNKNOWN,
        "but the row may mean the host of the same name of agent agent-0 (1.0 s ago)",
        new World().view(twin, 1).judge(row));
    is(Ruling.DEAD, "no process", new World().view(twin, 30).judge(row));
    is(Ruling.DEAD, "no process", new World().view(HERE, 1, alive(HERE, 60)).judge(row));
    is(Ruling.ALIVE, "agent-0", new World().view(twin, 1, alive(twin, 60)).judge(row));
    is(Ruling.DEAD, "seen to end", new World().fellHere(5).view(twin, 1).judge(row));
    is(Ruling.ALIVE, "agent-0", new World().fellHere(5).view(twin, 1, alive(twin, 60)).judge(row));
    is(Ruling.UNKNOWN, "same name", new World().fellHere(50).view(twin, 1).judge(row));
    Place container = new Place("here", HERE.bootId(), "pid:[4026532000]");
    is(Ruling.UNKNOWN, "same name", new World().view(container, 1).judge(row));
    World present = new World().view(twin, 1);
    ProcStat stat = new ProcStat(PID, "worker", 'S', 1, PID, 0, 1, TICKS, 0, 0);
    present.sightings.put(PID, new Sighting.Present(stat, seconds(60)));
    is(Ruling.ALIVE, "is alive", present.judge(row));
  }

  private static final Place TWIN = new Place("here", "boot-twin", ROOT);

  /** Another agent published twice while this one ran, and was read each time. */
  private static World known(Place place, Mention... processes) {
    return new World().reads(50, told(place, 51, processes)).reads(48, told(place, 49, processes));
  }

  @Test
  void aNamesakeThatGrewOldOrWithdrewIsStillADoubt() {
    Holder row = pid("here", 9, 9.0);
    String same = "but the row may mean the host of the same name of agent other (";
    is(Ruling.UNKNOWN, same, known(TWIN).judge(row));
    is(Ruling.UNKNOWN, same, known(TWIN).reads(1, told(TWIN, 49)).judge(row));
    is(Ruling.UNKNOWN, same, known(TWIN).reads(1).judge(row));
    is(Ruling.UNKNOWN, same, known(TWIN).reads(20).reads(1).judge(row));
    is(Ruling.DEAD, "seen to end", known(TWIN).fellHere(5).reads(1).judge(row));
    is(Ruling.DEAD, "no process", known(THERE).reads(1).judge(row));
    is(Ruling.DEAD, "no process", known(HERE).reads(1).judge(row));
    World lives = known(TWIN, alive(TWIN, 60)).fellHere(5);
    is(Ruling.UNKNOWN, "alive, and nobody has told of its end", lives.reads(1).judge(row));
    is(Ruling.UNKNOWN, "nobody has told", lives.judge(instance("here", 9, 9.0)));
  }

  @Test
  void aNamesakeThatIsSilentSinceBeforeThisAgentStartedIsADoubtWhileItsViewIsThere() {
    Holder row = pid("here", 9, 9.0);
    View old = told(TWIN, 90);
    is(Ruling.UNKNOWN, "same name", new World().reads(5, old).judge(row));
    is(Ruling.UNKNOWN, "same name", new World().reads(5, old).reads(1, old).judge(row));
    is(Ruling.UNKNOWN, "same name", new World().reads(50, old).reads(1, old).judge(row));
    is(Ruling.DEAD, "no process", new World().reads(50, old).reads(1).judge(row));
    World seen = new World().reads(50, old).reads(1, old).fellHere(5);
    is(Ruling.DEAD, "seen to end", seen.judge(row));
    View lives = told(TWIN, 90, alive(TWIN, 99));
    World silent = new World().reads(50, lives).reads(1, lives).fellHere(5);
    is(Ruling.UNKNOWN, "nobody has told of its end", silent.judge(row));
    View fresh = told(TWIN, 16);
    is(Ruling.UNKNOWN, "same name", new World().reads(15, fresh).reads(1, fresh).judge(row));
    is(Ruling.UNKNOWN, "same name", new World().reads(15, fresh).reads(1).judge(row));
  }

  @Test
  void aLivingOneOfAnAgentThatIsSilentIsADoubtUntilItIsToldToHaveEnded() {
    Holder pid = pid(null, 9, 9.0);
    Holder instance = instance(null, 9, 9.0);
    World silent = known(THERE, alive(THERE, 60)).fellHere(5);
    silent.reads(20, told(THERE, 49, alive(THERE, 60)));
    is(Ruling.UNKNOWN, "agent other (49 s ago) saw pid 4711", silent.judge(pid));
    is(Ruling.UNKNOWN, "nobody has told of its end", silent.judge(instance));
    is(Ruling.UNKNOWN, "nobody has told of its end", silent.reads(10).judge(instance));
    is(Ruling.DEAD, "seen to end", silent.judge(pid("here", 9, 9.0)));
    World back = silent.reads(5, told(THERE, 6, ended(THERE, 60, 20)));
    is(Ruling.DEAD, "seen to end", back.judge(pid));
    is(Ruling.DEAD, "seen to end", back.reads(1).judge(instance));
    World younger = known(THERE, alive(THERE, 55)).fellHere(5).reads(1);
    is(Ruling.DEAD, "seen to end", younger.judge(instance(null, 70, 70.0)));
  }

  @Test
  void moreThanCanBeKeptInMindIsADoubt() {
    Mention[] many = new Mention[Recall.MOST + 1];
    for (int i = 0; i < many.length; i++) {
      ProcessIdentity process = new ProcessIdentity(THERE.bootId(), 10L + i, TICKS);
      many[i] = new Mention("mails", "mails." + i, process, 7, NOW, null, false);
    }
    World world = known(THERE, many).fellHere(5).reads(1);
    is(Ruling.UNKNOWN, "more living processes than", world.judge(pid(null, 9, 9.0)));
    is(Ruling.DEAD, "seen to end", world.judge(pid("here", 9, 9.0)));
  }

  @Test
  void untilTheOthersWereReadOnlyWhatWasSeenToEndHereIsDeadAndForAMinuteAtMost() {
    String unread = "but what other agents see could not be read";
    is(Ruling.UNKNOWN, unread, new World().waits(50).judge(pid("here", 9, 9.0)));
    is(Ruling.DEAD, "no process", new World().waits(61).judge(pid("here", 9, 9.0)));
    is(Ruling.DEAD, "seen to end", new World().waits(9).fellHere(5).judge(pid("here", 9, 9.0)));
    is(Ruling.UNKNOWN, unread, new World().waits(9).fellHere(50).judge(pid("here", 9, 9.0)));
    is(Ruling.UNKNOWN, unread, new World().waits(999).fellHere(5).judge(instance(null, 9, 9.0)));
    is(Ruling.DEAD, "no process", new World().waits(9).reads(1).judge(pid("here", 9, 9.0)));
    is(Ruling.DEAD, "no process", new World().waits(9).reads(1).judge(pid(null, 9, 9.0)));
  }

  /** The process that took the job lives; its agent may be heard of or not after it once was. */
  @Property(tries = 2_000)
  void noSilenceMakesALivingHolderDead(
      @ForAll @Size(max = 6) List<@IntRange(max = 1 << 8) Integer> rolls,
      @ForAll boolean twin,
      @ForAll @IntRange(max = 8) int fell) {
    Place place = twin ? TWIN : THERE;
    Mention own = alive(place, 90);
    World world = known(place, own);
    double at = 46;
    double published = 49;
    for (int roll : rolls) {
      at -= 1 + (roll >> 2) % 7;
      if (roll % 4 == 0) {
        world.reads(at);
      } else {
        published = roll % 4 == 1 ? at + 1 : published;
        world.reads(at, told(place, published, own), told(HERE, at + 1), told(TWIN, 46));
      }
    }
    if (fell > 0) {
      world.fellHere(fell);
    }
    String host = twin ? "here" : null;
    for (Holder holder : List.of(pid(host, 9, 9.0), instance(host, 9, 9.0))) {
      assertNotEquals(Ruling.DEAD, world.judge(holder).ruling(), holder + " " + world.read);
    }
  }

  @Test
  void aRowWithoutAHostMayMeanALivingProcessElsewhere() {
    World world = new World().view(THERE, 1, alive(THERE, 60));
    is(Ruling.UNKNOWN, "no process 4711 on this host; but agent", world.judge(pid(null, 9, 9.0)));
    world.fellHere(5);
    is(Ruling.UNKNOWN, "seen to end 5.0 s ago; but", world.judge(instance(null, 9, 9.0)));
    is(Ruling.DEAD, "no process", new World().view(THERE, 1).judge(pid(null, 9, 9.0)));
    is(
        Ruling.DEAD,
        "seen to end",
        new World().fellHere(5).view(HERE, 1, alive(HERE, 60)).judge(instance(null, 9, 9.0)));
    Mention other = process(HERE, 900, PID, 60, null, false);
    is(
        Ruling.UNKNOWN,
        "seen to end",
        new World().fellHere(5).view(HERE, 1, other).judge(instance(null, 9, 9.0)));
  }

  @Test
  void aWorkerAsAWholeIsNotDeadWhileAnotherAgentSeesAProcessOfIt() {
    Holder whole =
        new Holder(
            "k",
            "images",
            null,
            OptionalLong.empty(),
            OptionalLong.empty(),
            null,
            seconds(9),
            seconds(9),
            seconds(10),
            true,
            false);
    World world = new World();
    world.crews.put("images", new Crew("images", "", true, List.of(), List.of(), List.of()));
    assertEquals(Ruling.DEAD, world.judge(whole).ruling());
    is(Ruling.UNKNOWN, "; but agent", world.view(THERE, 1, alive(THERE, 60)).judge(whole));
    World younger = new World().view(THERE, 1, alive(THERE, 3));
    younger.crews.putAll(world.crews);
    assertEquals(Ruling.DEAD, younger.judge(whole).ruling());
    World strayed = new World();
    Crew.Past past = new Crew.Past("images@1", seconds(60), seconds(3));
    strayed.crews.put(
        "images", new Crew("images", "", true, List.of(), List.of(past), List.of("pid 9 lives")));
    assertTrue(strayed.judge(whole).seemsGone());
    assertFalse(
        strayed.view(THERE, 1, alive(THERE, 60)).judge(whole).seemsGone(), "it lives there");
    Holder silent = holder(null, OptionalLong.empty(), OptionalLong.empty(), null, 9, 9.0);
    is(Ruling.UNKNOWN, "neither a process nor an instance", world.judge(silent));
  }

  @Test
  void theProcessesOfAWorkerAreThoseOfFreshViews() {
    World world =
        new World()
            .view(THERE, 1, alive(THERE, 60), ended(THERE, 60, 5))
            .view(new Place("far", "boot-far", ROOT), 30, alive(THERE, 60));
    Views views = new Views(HERE, world.views, NOW, 0);
    assertEquals(2, views.processesOf("images", 0).size());
    assertEquals(0, views.processesOf("images", seconds(10).toNanos()).size());
    assertEquals(0, views.processesOf("mails", 0).size());
  }

  /** Whatever else is published: the process that took the job lives, and a fresh view shows it. */
  @Property(tries = 5_000)
  void noViewsMakeALivingHolderDead(
      @ForAll @Size(max = 4) List<@IntRange(max = 1 << 24) Integer> rolls,
      @ForAll @IntRange(max = 1 << 20) int roll,
      @ForAll @IntRange(max = 2) int home) {
    Place place = List.of(THERE, new Place("here", "boot-twin", ROOT), THERE).get(home);
    double seen = roll % 10;
    double age = seen + (roll >> 4) % 64;
    double taken = age * ((roll >> 10) % 8) / 8;
    double known = taken * ((roll >> 13) % 5) / 4;
    double claim = (roll >> 16) % 2 == 0 ? taken : (roll >> 10) % 4000;
    boolean inside = (roll >> 17) % 2 == 0;
    Mention own = process(place, TICKS, inside ? PID : 7, age, null, false);
    World world = new World();
    rolls.forEach(other -> roll(world, other));
    if ((roll >> 18) % 2 == 0) {
      world.fellHere(roll % 30);
    }
    world.view(place, seen, own);
    world.sightings.put(7L, new Sighting.Absent());
    String host = home == 2 ? null : place.host();
    OptionalLong pid = OptionalLong.of(own.ownPid());
    for (Holder holder :
        List.of(
            holder(host, pid, OptionalLong.empty(), null, claim, known),
            holder(host, pid, OptionalLong.of(TICKS), null, claim, known),
            holder(host, pid, OptionalLong.empty(), "images.1", claim, known),
            holder(host, OptionalLong.empty(), OptionalLong.empty(), "images.1", claim, known))) {
      Verdict verdict = world.judge(holder);
      assertNotEquals(Ruling.DEAD, verdict.ruling(), holder + " " + verdict + " " + world.views);
    }
  }

  private static void roll(World world, int roll) {
    Place place =
        List.of(
                THERE,
                new Place("there", "boot-there", "pid:[4026532000]"),
                new Place("there", "boot-twin", ROOT),
                HERE)
            .get(roll % 4);
    double age = (roll >> 2) % 64;
    Double ended = (roll >> 8) % 3 == 0 ? null : Double.valueOf(age * ((roll >> 10) % 4) / 4);
    long ticks = 100 + (roll >> 12) % 3 * 23L;
    long own = (roll >> 14) % 3 == 0 ? 7 : PID;
    boolean vacant = ended != null && (roll >> 16) % 2 == 0 && !place.equals(THERE);
    world.view(place, (roll >> 17) % 16, process(place, ticks, own, age, ended, vacant));
  }
}
