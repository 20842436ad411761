package io.selfheal.worker;

import static io.selfheal.message.Verdict.Ruling.ALIVE;
import static io.selfheal.message.Verdict.Ruling.DEAD;
import static io.selfheal.message.Verdict.Ruling.UNKNOWN;

import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holder → verdict. Pure. Where the evidence leaves a doubt it falls to ALIVE or UNKNOWN: a wrong
 * DEAD runs a job twice.
 */
final class Judge {
  /**
   * A process may have taken a job that is older than itself by this much at most. The age of a
   * claim is as wrong as the clock that wrote it, so beyond this nothing is known: no age alone
   * ever proves a process to be another one.
   */
  static final Duration MARGIN = Duration.ofSeconds(2);

  /**
   * By the agent's own clock a process is older or younger than what was seen of a claim when they
   * differ by more than this: the kernel tells a start in hundredths of a second, and the question
   * takes its time.
   */
  static final Duration SEEN_MARGIN = Duration.ofMillis(100);

  /**
   * The same where the database dated the claim, and what the agent saw of it bears that out: the
   * kernel tells both a start and the time since the boot in hundredths of a second.
   */
  static final Duration TRUE_MARGIN = Duration.ofMillis(30);

  /** The kernel's PID_MAX_LIMIT. */
  private static final long PID_MOST = 4_194_304;

  private Judge() {}

  static Verdict judge(Holder holder, Evidence evidence) {
    String host = holder.host();
    if (host != null && !host.equalsIgnoreCase(evidence.host())) {
      return Verdict.of(
          UNKNOWN, "the row names host " + host + "; this host is " + evidence.host());
    }
    String worker = holder.worker();
    if (worker != null && !evidence.workers().contains(worker)) {
      return Verdict.of(UNKNOWN, "no worker is called " + worker + " on this host");
    }
    String instance = holder.instance();
    Filled slot = instance == null ? null : evidence.instances().get(instance);
    if (slot != null && names(holder, slot)) {
      return bySlot(holder, slot, evidence);
    }
    if (holder.pid().isPresent()) {
      return byPid(holder, holder.pid().getAsLong(), evidence);
    }
    Crew crew = holder.only() && worker != null ? evidence.crews().get(worker) : null;
    if (crew != null) {
      return CrewJudge.judge(holder, crew, evidence);
    }
    return Verdict.of(
        UNKNOWN,
        instance == null
            ? "the row names neither a process nor an instance"
            : "no process of an instance called " + instance + " was seen on this host");
  }

  static boolean isPid(long pid) {
    return pid >= 1 && pid <= PID_MOST;
  }

  private static boolean names(Holder holder, Filled slot) {
    boolean samePid =
        holder.pid().isEmpty()
            || holder.pid().getAsLong() == slot.process().pid()
            || holder.pid().getAsLong() == slot.ownPid();
    return samePid && (holder.worker() == null || holder.worker().equals(slot.worker()));
  }

  private static Verdict bySlot(Holder holder, Filled slot, Evidence evidence) {
    Duration claim = holder.claimAge();
    String who = slot.instance() + " is " + slot.process();
    if (holder.startTicks().isPresent()
        && holder.startTicks().getAsLong() != slot.process().startTicks()) {
      return Verdict.of(
          DEAD, who + "; the row's process had start " + holder.startTicks().getAsLong());
    }
    Duration ended = slot.endedAgo();
    if (ended == null) {
      return now(holder, slot.process().pid(), slot.process().startTicks(), slot, evidence);
    }
    if (claim != null && claim.plus(MARGIN).compareTo(ended) < 0) {
      return Verdict.of(
          UNKNOWN,
          slot.instance()
              + " ended "
              + Words.of(ended)
              + " ago, before the job was taken "
              + Words.of(claim)
              + " ago by a process that was not seen");
    }
    return dead(seenToEnd(slot.process() + " of " + slot.instance(), ended), slot.demise());
  }

  private static Verdict byPid(Holder holder, long pid, Evidence evidence) {
    if (!isPid(pid)) {
      return Verdict.of(UNKNOWN, pid + " is not a process id");
    }
    if (holder.worker() != null && evidence.walled().contains(holder.worker())) {
      return behindWall(holder, pid, evidence);
    }
    Long startTicks = holder.startTicks().isPresent() ? holder.startTicks().getAsLong() : null;
    Verdict here = now(holder, pid, startTicks, null, evidence);
    return here.ruling() == DEAD && restsOnPid(holder, evidence)
        ? orOther(here, holder, pid, evidence)
        : here;
  }

  /** Whether nothing but its pid can tell that a holder on this host is gone. */
  static boolean restsOnPid(Holder holder, Evidence evidence) {
    boolean here = holder.host() == null || holder.host().equalsIgnoreCase(evidence.host());
    return here && holder.pid().isPresent() && !EndSeen.of(holder, evidence);
  }

  /** That no process here has that pid says nothing of what else the row may mean. */
  private static Verdict orOther(Verdict here, Holder holder, long pid, Evidence evidence) {
    if (holder.pidAssumed()) {
      return Verdict.of(
          UNKNOWN,
          here.evidence().getFirst()
              + "; but nobody said that %d in the row is a pid: write holder.format of this source, such as \"{host}:{pid}\""
                  .formatted(pid));
    }
    return evidence
        .walls()
        .doubt(holder, pid, evidence.mark())
        .map(
            doubt ->
                doubt.proven()
                    ? Verdict.of(ALIVE, doubt.why())
                    : Verdict.of(UNKNOWN, here.evidence().getFirst() + "; but " + doubt.why()))
        .orElse(here);
  }

  /** The worker runs in a container: the row's pid means one of its own processes, or nothing. */
  private static Verdict behindWall(Holder holder, long pid, Evidence evidence) {
    List<Filled> same =
        evidence.instances().values().stream()
            .filter(slot -> slot.worker().equals(holder.worker()) && slot.ownPid() == pid)
            .filter(slot -> slot.endedAgo() == null)
            .toList();
    if (same.size() == 1) {
      return bySlot(holder, same.getFirst(), evidence);
    }
    return Verdict.of(
        UNKNOWN,
        holder.worker() + " runs in another pid namespace, where pid " + pid + " is not known");
  }

  /**
   * @param startTicks of the process that the row means; null when the row does not say
   * @param slot the slot that vouches for the process; null when none does
   */
  private static Verdict now(
      Holder holder,
      long pid,
      @Nullable Long startTicks,
      @Nullable Filled slot,
      Evidence evidence) {
    return switch (evidence.sighting(pid)) {
      case Sighting.Hidden hidden -> Verdict.of(UNKNOWN, hidden.why());
      case Sighting.Absent absent -> absent(holder, pid, startTicks, slot, evidence);
      case Sighting.Present present -> present(holder, present, startTicks, slot, evidence);
    };
  }

  private static Verdict absent(
      Holder holder,
      long pid,
      @Nullable Long startTicks,
      @Nullable Filled slot,
      Evidence evidence) {
    Optional<Fallen> fallen =
        Optional.ofNullable(evidence.ended().get(pid))
            .filter(one -> startTicks == null || one.process().startTicks() == startTicks);
    if (fallen.isPresent()) {
      return dead(seenToEnd(fallen.get(), evidence), fallen.get().demise());
    }
    boolean vouched =
        slot != null || (holder.worker() != null && evidence.seen().contains(holder.worker()));
    if (!evidence.rootNamespace() && !vouched) {
      return Verdict.of(
          UNKNOWN,
          "no process "
              + pid
              + " in the agent's container, and no process of that worker was seen there: the row"
              + " may mean another pid namespace");
    }
    return Verdict.of(DEAD, "no process " + pid + " on this host");
  }

  private static Verdict present(
      Holder holder,
      Sighting.Present present,
      @Nullable Long startTicks,
      @Nullable Filled slot,
      Evidence evidence) {
    ProcStat stat = present.stat();
    String pid = "pid " + stat.pid();
    if (startTicks != null && stat.startTicks() != startTicks) {
      return Verdict.of(
          DEAD,
          pid
              + " is another process now: its start is "
              + stat.startTicks()
              + ", the holder's was "
              + startTicks);
    }
    // Start ticks in the row say more than times: then the row was written by this very process.
    boolean exact = holder.startTicks().isPresent();
    Duration known = exact ? null : holder.knownFor();
    if (known != null && present.age().plus(SEEN_MARGIN).compareTo(known) < 0) {
      String who = slot == null ? pid : slot.instance();
      return dead(
          "%s is another process now: started %s ago, the job was seen taken %s ago"
              .formatted(who, Words.of(present.age()), Words.of(known)),
          slot == null ? Demise.UNKNOWN : slot.demise());
    }
    Optional<Fallen> fallen = evidence.ended(stat.pid(), stat.startTicks());
    if (fallen.isPresent()) {
      return dead(seenToEnd(fallen.get(), evidence), fallen.get().demise());
    }
    if (stat.ended()) {
      return Verdict.of(DEAD, pid + " has ended and waits to be reaped by its parent (zombie)");
    }
    return exact ? alive(stat, present.age()) : byTime(holder, stat, present.age(), evidence);
  }

  /** A living process of which only times can tell whether it is the one that took the job. */
  private static Verdict byTime(Holder holder, ProcStat stat, Duration age, Evidence evidence) {
    Duration newer = holder.newerThan();
    if (newer != null && newer.plus(SEEN_MARGIN).compareTo(age) < 0) {
      return alive(stat, age);
    }
    Duration claim = holder.claimAge();
    Duration unchanged = holder.unchangedFor();
    if (claim == null && unchanged != null && age.plus(SEEN_MARGIN).compareTo(unchanged) < 0) {
      return Verdict.seemsGone(
          List.of(
              "pid %d started %s ago, and the row has been as it is for %s: the process before it held the job, unless this one took it again; the row has no time to tell"
                  .formatted(stat.pid(), Words.of(age), Words.of(unchanged))));
    }
    if (claim == null) {
      return vouched(holder, stat, evidence) ? alive(stat, age) : byBeat(holder, stat, age);
    }
    if (age.plus(MARGIN).compareTo(claim) >= 0) {
      return alive(stat, age);
    }
    return Verdict.of(
        UNKNOWN,
        "pid %d started %s ago, and the row says that the job was taken %s ago: another process had that name then, or a clock is wrong"
            .formatted(stat.pid(), Words.of(age), Words.of(claim)));
  }

  /**
   * Two processes never have one pid at once: if it was there when its holder gave the heartbeat,
   * it is the holder, however silent since.
   */
  private static Verdict byBeat(Holder holder, ProcStat stat, Duration age) {
    Duration beat = holder.beatAge();
    if (beat == null) {
      return Verdict.of(
          UNKNOWN,
          "pid %d exists; whether it took the job is not known, for the row has no time"
              .formatted(stat.pid()));
    }
    if (age.plus(MARGIN).compareTo(beat) >= 0) {
      return alive(stat, age);
    }
    return Verdict.of(
        UNKNOWN,
        "pid %d started %s ago, and the row says that its holder gave a heartbeat %s ago: another process had that name then, or a clock is wrong"
            .formatted(stat.pid(), Words.of(age), Words.of(beat)));
  }

  private static boolean vouched(Holder holder, ProcStat stat, Evidence evidence) {
    return evidence.instances().values().stream()
        .anyMatch(
            slot ->
                slot.process().pid() == stat.pid()
                    && slot.process().startTicks() == stat.startTicks()
                    && slot.worker().equals(holder.worker()));
  }

  private static Verdict alive(ProcStat stat, Duration age) {
    String who = "pid " + stat.pid() + " (" + stat.name() + ") ";
    if (stat.frozen()) {
      return Verdict.of(ALIVE, who + "is alive, but stopped (state T)");
    }
    return Verdict.of(
        ALIVE, who + "is alive, state " + stat.state() + ", started " + Words.of(age) + " ago");
  }

  static Verdict dead(String evidence, Demise demise) {
    List<String> all =
        demise.words().isEmpty() ? List.of(evidence) : List.of(evidence, demise.words());
    return new Verdict(DEAD, all, demise.memory()).ended(demise.end());
  }

  private static String seenToEnd(Fallen fallen, Evidence evidence) {
    return seenToEnd(
        fallen.process() + " of " + fallen.instance(),
        Duration.ofNanos(evidence.mark() - fallen.mark()));
  }

  private static String seenToEnd(String who, Duration ago) {
    return who + " was seen to end " + Words.of(ago) + " ago";
  }
}
