package io.selfheal.worker;

import io.selfheal.config.Arguments;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes processes under watch and says when they end. On the verticle's context. */
final class Watching {
  private static final Logger LOG = LoggerFactory.getLogger(Watching.class);

  private final Tools tools;
  private final Roster roster;
  private final Problems problems;
  private final DeathWatch deaths;
  private final Attending attending;
  private final Endings endings;
  private final boolean pidfds;
  private final GroupMounts mounts;
  private final List<String> ownGroups;
  private long lastToken;

  Watching(
      Tools tools,
      Roster roster,
      Problems problems,
      DeathWatch deaths,
      Attending attending,
      Endings endings,
      Facts facts) {
    this.tools = tools;
    this.roster = roster;
    this.problems = problems;
    this.deaths = deaths;
    this.attending = attending;
    this.endings = endings;
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
      slot.command = String.join(" ", Arguments.shown(run.command()));
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
    slot.command = tools.proc().shown(watched.process.pid());
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
        .ifPresent(slot -> endings.gone(slot, "", noticedAt));
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
