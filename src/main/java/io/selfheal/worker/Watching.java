package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.message.WorkerRequests.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes processes under watch and says when they end. On the verticle's context. */
final class Watching {
  private static final Logger LOG = LoggerFactory.getLogger(Watching.class);
  private static final int GONE_KEPT = 16;

  private final Tools tools;
  private final Roster roster;
  private final Problems problems;
  private final DeathWatch deaths;
  private final Attending attending;
  private final boolean pidfds;
  private final GroupMounts mounts;
  private final OomKills oomKills = new OomKills();
  private final List<String> ownGroups;
  private long lastToken;

  Watching(
      Tools tools,
      Roster roster,
      Problems problems,
      DeathWatch deaths,
      Attending attending,
      Facts facts) {
    this.tools = tools;
    this.roster = roster;
    this.problems = problems;
    this.deaths = deaths;
    this.attending = attending;
    this.pidfds = facts.pidfdRefusal() == 0;
    this.mounts = facts.mounts();
    this.ownGroups = tools.proc().cgroups(ProcessHandle.current().pid());
  }

  /** Watches a process that was found. Empty when it is gone already. */
  Optional<ProcessIdentity> found(Slot slot, ProcStat stat) {
    Optional<ProcessIdentity> process = fill(slot, stat, null);
    process.ifPresent(
        identity -> {
          LOG.info("Watching {}, pid {}: {}", slot.instance, identity.pid(), slot.command);
          tools
              .bus()
              .publish(
                  new WorkerEvent.Found(
                      slot.worker.name(),
                      slot.instance,
                      identity,
                      slot.worker.owner(),
                      slot.command));
        });
    return process;
  }

  /** Watches a process that was started. Empty when it is gone already. */
  Optional<ProcessIdentity> started(Slot slot, ProcStat stat, Process child) {
    Optional<ProcessIdentity> process = fill(slot, stat, child);
    if (slot.worker.way() instanceof WorkerConfig.Way.Run run) {
      // Its own arguments may still be those of setsid.
      slot.command = String.join(" ", run.command());
    }
    process.ifPresent(
        identity -> {
          LOG.debug("{} was started as {}", slot.instance, identity);
          tools.bus().publish(new WorkerEvent.Started(slot.worker.name(), slot.instance, identity));
        });
    return process;
  }

  private Optional<ProcessIdentity> fill(Slot slot, ProcStat stat, @Nullable Process child) {
    ProcessIdentity process = stat.identity(tools.proc().bootId());
    Pidfd pidfd = null;
    if (pidfds) {
      switch (Pidfd.open(process, tools.proc())) {
        case Pidfd.Opening.Gone gone -> {
          return Optional.empty();
        }
        case Pidfd.Opening.Held held -> pidfd = held.pidfd();
        case Pidfd.Opening.Refused refused -> refused(slot, process, refused.errno());
      }
    }
    try {
      ProcFiles files = ProcFiles.open(process.pid());
      GroupFiles groups = GroupFiles.open(process.pid(), mounts);
      GroupReading group = groups.read();
      Watched watched =
          new Watched(
              ++lastToken,
              process,
              tools.proc().status(process.pid()),
              files,
              groups,
              group,
              pidfd,
              child,
              new Kin(stat.session(), Kin.group(tools.proc().cgroups(stat.pid()), ownGroups)),
              Condition.found(group.state(stat.state()), attending.now.attended()));
      take(slot, watched);
      return Optional.of(process);
    } catch (IOException gone) {
      if (pidfd != null) {
        pidfd.close();
      }
      return Optional.empty();
    }
  }

  private void take(Slot slot, Watched watched) {
    slot.beatMark = null;
    slot.jobs = List.of();
    slot.progress = null;
    slot.command = tools.proc().command(watched.process.pid());
    slot.startedMark =
        tools.time().mark() - tools.proc().age(watched.process.startTicks()).toNanos();
    roster.fill(slot, watched, tools.time().now());
    if (watched.pidfd != null) {
      int result = deaths.watch(watched.pidfd, watched.token);
      if (result < 0) {
        refused(slot, watched.process, -result);
      }
    }
  }

  private void refused(Slot slot, ProcessIdentity process, int errno) {
    LOG.warn(
        "The end of {}, pid {}, is noticed within a second, not at once: the kernel gave no handle"
            + " of the process (errno {})",
        slot.instance,
        process.pid(),
        errno);
  }

  /** The kernel's notice. */
  void ended(long token, Instant noticedAt) {
    // A token that is not known was noticed by another way before.
    roster
        .byToken(token)
        .filter(slot -> slot.watched != null && slot.watched.token == token)
        .ifPresent(slot -> gone(slot, "", noticedAt));
  }

  /**
   * A process is gone: says so once, and answers who waits for it.
   *
   * @param how it was seen, in brackets; empty when the kernel said so
   */
  void gone(Slot slot, String how, Instant noticedAt) {
    Watched watched = slot.watched;
    if (watched == null) {
      return;
    }
    OptionalInt status = watched.waitStatus(tools.proc());
    OomKills.Finding memory =
        watched.ending == null ? watched.memory(oomKills, status) : OomKills.Finding.NONE;
    String end =
        "ended"
            + Words.ended(status.orElse(0))
            + how
            + (memory.words().isEmpty() ? "" : "; " + memory.words());
    Duration uptime = tools.proc().age(watched.process.startTicks());
    roster.empty(
        slot,
        watched,
        tools.time().now(),
        tools.time().mark(),
        memory.killed() ? memory.words() : "");
    watched.close();
    Ending ending = watched.ending;
    slot.gone = ending == null ? Liveness.LOST : Liveness.STOPPED;
    if (ending == null) {
      lost(
          new WorkerEvent.Lost(
              slot.worker.name(),
              slot.instance,
              watched.process,
              slot.worker.owner(),
              end,
              noticedAt,
              uptime,
              Words.end(status, memory.killed())));
    } else {
      stopped(slot, watched.process, ending);
    }
    Member member = roster.member(slot.worker.name());
    if (member != null) {
      member.forgetGone(GONE_KEPT);
    }
  }

  private void lost(WorkerEvent.Lost lost) {
    LOG.debug(
        "{}, {}, {}, after {}",
        lost.instance(),
        lost.process(),
        lost.evidence(),
        Words.of(lost.uptime()));
    tools.bus().publish(lost);
  }

  private void stopped(Slot slot, ProcessIdentity process, Ending ending) {
    LOG.debug("{}, {}, was ended: {}", slot.instance, process, ending.reason);
    tools
        .bus()
        .publish(
            new WorkerEvent.Stopped(slot.worker.name(), slot.instance, process, ending.reason));
    Ended done = new Ended(Outcome.DONE, process + " is gone", process);
    ending.waiting.forEach(promise -> promise.tryComplete(done));
  }

  /** Watches a process no longer that lives on. */
  void release(Slot slot) {
    Watched watched = slot.watched;
    if (watched != null) {
      roster.release(slot, watched);
      watched.close();
    }
  }

  Problems problems() {
    return problems;
  }
}
