package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.worker.Crew.Hand;
import io.selfheal.worker.Crew.Past;
import io.selfheal.worker.Strays.Ancestor;
import io.selfheal.worker.Strays.Seen;
import io.selfheal.worker.Strays.Suspect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Random histories of a worker: processes start, some fork children that look like them or not,
 * some hand a job to a child, and end; the agent sees each start and end late, or started only
 * lately itself. Times are in milliseconds.
 */
final class CrewHistoryTest {
  private static final long NOW = 20_000;
  private static final long SUPERVISOR = 2;

  /**
   * One process.
   *
   * @param end {@link Long#MAX_VALUE} while it lives
   * @param looksSo whether the worker's way of finding finds it
   * @param seen since when it is watched
   */
  private record Life(
      long pid,
      long start,
      long end,
      @Nullable Life parent,
      long session,
      boolean looksSo,
      boolean own,
      long seen) {
    boolean lives() {
      return end > NOW;
    }

    boolean childOf(Life other) {
      return parent != null && parent.pid == other.pid;
    }

    /** Whether the agent saw it end. */
    boolean fell() {
      return !lives() && looksSo && seen < end;
    }
  }

  /** One history, by a seed. */
  private static final class History {
    final Random random;
    final List<Life> lives = new ArrayList<>();
    final long agentStart;
    final boolean bounded;
    long nextPid = 100;

    History(long seed) {
      random = new Random(seed);
      agentStart = random.nextBoolean() ? 0 : random.nextLong(NOW);
      bounded = random.nextBoolean();
      boolean shared = random.nextBoolean();
      int roots = 1 + random.nextInt(4);
      for (int i = 0; i < roots; i++) {
        Life root = life(null, random.nextLong(NOW), shared);
        int children = random.nextInt(3);
        for (int j = 0; j < children && root.start() < upTo(root); j++) {
          life(root, root.start() + random.nextLong(upTo(root) - root.start()), shared);
        }
      }
    }

    private static long upTo(Life life) {
      return Math.min(life.end(), NOW);
    }

    private Life life(@Nullable Life parent, long start, boolean shared) {
      long pid = nextPid++;
      long end = random.nextInt(3) == 0 ? Long.MAX_VALUE : start + 1 + random.nextLong(NOW);
      boolean own = parent == null && start >= agentStart && random.nextBoolean();
      // The agent's own have a session each; others' may share their supervisor's.
      long session = parent != null ? parent.session() : own || !shared ? pid : SUPERVISOR;
      boolean looksSo = parent == null || random.nextBoolean();
      long delay = own ? 0 : random.nextLong(3_000);
      Life life =
          new Life(
              pid, start, end, parent, session, looksSo, own, Math.max(agentStart, start + delay));
      lives.add(life);
      return life;
    }

    List<Life> at(long time) {
      return lives.stream().filter(life -> life.start() <= time && time < life.end()).toList();
    }

    /** Who works on the job that one takes: itself, or a child that is forked for it later. */
    List<Life> workOn(Life taker, long claim) {
      return lives.stream()
          .filter(
              life -> life.pid() == taker.pid() || (life.childOf(taker) && life.start() >= claim))
          .toList();
    }

    /**
     * A process that lives too shortly to be seen is not seen by this agent, and what it forked is
     * nobody's: the source's word that the agent sees them all does not hold.
     */
    boolean sees(Life taker, boolean sinceTheAgent) {
      if (bounded || !sinceTheAgent) {
        return true;
      }
      Life parent = taker.parent();
      boolean known = taker.looksSo() || parent == null || parent.lives() || parent.fell();
      boolean forked = lives.stream().anyMatch(life -> life.childOf(taker) && life.lives());
      return known && (taker.lives() || taker.fell() || !forked);
    }
  }

  private static Duration ago(long time) {
    return Duration.ofMillis(NOW - time);
  }

  private static ProcessIdentity process(Life life) {
    return new ProcessIdentity("boot", life.pid(), life.start());
  }

  private static ProcStat stat(Life life) {
    Life parent = life.parent();
    long parentPid = parent == null || !parent.lives() ? 1 : parent.pid();
    return new ProcStat(
        life.pid(), "w", 'S', parentPid, life.session(), 0, 1, life.start(), 0, 0, 0);
  }

  private static Fallen fallen(Life life) {
    return new Fallen(
        "images", "images@" + life.pid(), process(life), 0, new Kin(life.session(), ""));
  }

  private static Verdict judge(History history, Holder holder) {
    Random random = history.random;
    Marks marks = history.bounded ? new Marks("images", "images.1", "home") : null;
    Map<Long, Sighting> sightings = new HashMap<>();
    List<Hand> hands = new ArrayList<>();
    List<Seen> table = new ArrayList<>();
    List<Past> past = new ArrayList<>();
    List<Ancestor> ancestors = new ArrayList<>();
    for (Life life : history.lives) {
      if (life.lives()) {
        sightings.put(life.pid(), new Sighting.Present(stat(life), ago(life.start())));
        table.add(new Seen(stat(life), ago(life.start()), "", marks));
        if (life.looksSo()) {
          hands.add(new Hand("images@" + life.pid(), process(life), life.own()));
        }
      } else if (life.fell()) {
        Duration noticed = ago(Math.min(NOW, life.end() + random.nextLong(1_000)));
        past.add(new Past("images@" + life.pid(), ago(life.start()), noticed));
        ancestors.add(new Ancestor(fallen(life), ago(life.start()), noticed));
      }
    }
    Set<ProcessIdentity> watched = hands.stream().map(Hand::process).collect(Collectors.toSet());
    List<String> strays =
        Strays.of(table)
            .of(new Suspect("images", ancestors, Set.of(), watched, "home", Set.of()), "boot");
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
            Map.of("images", new Crew("images", "", history.bounded, hands, past, strays)),
            Walls.NONE));
  }

  private static Holder holder(
      Duration claimAge, Duration knownFor, @Nullable Duration newerThan, boolean trueAge) {
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

  @Property(tries = 20_000)
  void aJobWhoseTrueHolderLivesIsNeverDead(@ForAll long seed) {
    History history = new History(seed);
    Random random = history.random;
    long claim = random.nextLong(NOW);
    long seen = Math.max(history.agentStart, claim + random.nextLong(2_000));
    if (seen > NOW) {
      return;
    }
    boolean known = claim > history.agentStart && random.nextInt(4) > 0;
    long notYet = history.agentStart + (known ? random.nextLong(claim - history.agentStart) : 0);
    List<Life> able = history.at(claim).stream().filter(life -> history.sees(life, known)).toList();
    if (able.isEmpty()) {
      return;
    }
    Life taker = able.get(random.nextInt(able.size()));
    // The worker's clock may say what it will, the database's is right.
    boolean trueAge = random.nextBoolean();
    Duration age = trueAge ? ago(claim) : Duration.ofMillis(random.nextLong(3 * NOW));
    Verdict verdict = judge(history, holder(age, ago(seen), known ? ago(notYet) : null, trueAge));
    boolean worked = history.workOn(taker, claim).stream().anyMatch(Life::lives);
    Statistics.collect(worked, verdict.ruling());
    if (worked) {
      assertNotEquals(
          Ruling.DEAD, verdict.ruling(), () -> verdict + " " + taker + " " + history.lives);
    }
  }
}
