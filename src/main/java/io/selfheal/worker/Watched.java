package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.ProcessSample;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A living process that is watched; touched on the verticle's context only. */
final class Watched implements AutoCloseable {
  /** Of a process that is known to be gone the JDK knows within microseconds. */
  private static final Duration REAPED_WITHIN = Duration.ofMillis(20);

  final long token;
  final ProcessIdentity process;
  final ProcStatus status;
  final ProcFiles files;
  final GroupFiles groups;
  final @Nullable Pidfd pidfd;
  final @Nullable Process child;
  private final Kin kin;
  Condition condition;
  GroupReading group;

  /** The reading before that. */
  private GroupReading groupBefore;

  @Nullable RawReading last;
  @Nullable ProcessSample sample;
  @Nullable Movement movement;
  @Nullable Ending ending;

  /** Whether it has ended, and systemd is asked how. */
  boolean inquired;

  /** Whether it is asked to take no more jobs. */
  boolean draining;

  /** Whether the answer to a heartbeat has told it so. */
  boolean drainTold;

  /** Whether it has said since that it holds no jobs. */
  boolean drained;

  /**
   * @param token what the death notice carries; never used twice
   * @param pidfd null where the kernel gives none: deaths are then noticed each second
   * @param child null when another process started it
   * @param kin as it was found; it may since have begun a session
   */
  Watched(
      long token,
      ProcessIdentity process,
      ProcStatus status,
      ProcFiles files,
      GroupFiles groups,
      GroupReading group,
      @Nullable Pidfd pidfd,
      @Nullable Process child,
      Kin kin,
      Condition condition) {
    this.token = token;
    this.process = process;
    this.status = status;
    this.files = files;
    this.groups = groups;
    this.group = group;
    this.groupBefore = group;
    this.pidfd = pidfd;
    this.child = child;
    this.kin = kin;
    this.condition = condition;
  }

  void read(GroupReading now) {
    groupBefore = group;
    group = now;
  }

  /** Whether the kernel killed it for memory, now that it has ended. */
  OomKills.Finding memory(OomKills kills, OptionalInt waitStatus) {
    return kills.weigh(groupBefore, group, groups.oomKills(), waitStatus);
  }

  /** Whether its control group, and the count with it, was removed when it ended. */
  boolean groupIsGone() {
    return group.oomKills() >= 0 && groups.oomKills() < 0;
  }

  /** By what those that it started can be told. */
  Kin kin() {
    if (child != null) {
      // setsid made its session, perhaps after it was first read.
      return new Kin(process.pid(), kin.group());
    }
    return last == null ? kin : new Kin(last.stat().session(), kin.group());
  }

  /**
   * The status of its end, where it can still be had: from the zombie; from the JDK when it was the
   * agent's child; or else from the kernel, which keeps it for who holds the pidfd. The parent may
   * reap the zombie at any moment. Empty where nobody has it.
   */
  OptionalInt waitStatus(Proc proc) {
    Optional<ProcStat> zombie =
        proc.stat(process.pid())
            .filter(stat -> stat.startTicks() == process.startTicks() && stat.ended());
    if (zombie.isPresent() && zombie.get().exitStatus() != 0) {
      return OptionalInt.of(zombie.get().exitStatus());
    }
    if (child != null) {
      return told(child)
          ? OptionalInt.of(Words.waitStatus(child.exitValue()))
          : OptionalInt.empty();
    }
    OptionalInt kept = pidfd == null ? OptionalInt.empty() : pidfd.exit();
    // A zombie shows 0 also to who may not look.
    return kept.isEmpty() && zombie.isPresent() && files.readable() ? OptionalInt.of(0) : kept;
  }

  /**
   * Whether the JDK tells how its child ended. Its reaper takes the status from the kernel a moment
   * before it tells of it; that moment is waited for.
   */
  private static boolean told(Process child) {
    try {
      return child.waitFor(REAPED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    files.close();
    groups.close();
    if (pidfd != null) {
      pidfd.close();
    }
  }
}
