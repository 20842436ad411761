package io.selfheal.worker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Whether the kernel killed a process for memory. It counts such ends by control group, and before
 * it sends the signal, so the count tells when the death is noticed. What the count has risen by is
 * given to as many processes, and to no more. Pure but for that memory.
 */
final class OomKills {
  private static final int KILL = 9;
  private static final int ROOM = 1_000;

  /** The count of each group up to which each end has its process. */
  private final LinkedHashMap<String, Long> given = new LinkedHashMap<>();

  private static final Duration LATE = Duration.ofSeconds(3);

  /** The count of the host as it was read last, and before that. */
  private HostCount host = HostCount.UNKNOWN;

  private HostCount hostBefore = HostCount.UNKNOWN;

  /** Up to which each end has its process. */
  private long hostGiven = -1;

  /**
   * What is known of one end.
   *
   * @param words empty when nothing was counted meanwhile
   */
  record Finding(boolean killed, String words) {
    static final Finding NONE = new Finding(false, "");
  }

  /**
   * A count of the host.
   *
   * @param kills -1 when it is not known
   * @param mark when, on the forward clock, in nanoseconds
   */
  record HostCount(long kills, long mark) {
    static final HostCount UNKNOWN = new HostCount(-1, 0);
  }

  /** A second has passed. */
  void tick(HostCount now) {
    hostBefore = host.kills() < 0 ? now : host;
    host = now;
  }

  /**
   * By how much the count of the host has risen since the last but one second.
   *
   * @param before -1 when not known
   */
  record Rise(long before, long now) {
    static final Rise UNKNOWN = new Rise(-1, -1);
  }

  /**
   * The rise until now, for an end whose group is gone with its count. What was counted long ago,
   * because the seconds came late, is of other ends.
   */
  Rise rise(HostCount now) {
    boolean late = now.mark() - hostBefore.mark() > LATE.toNanos();
    return late ? Rise.UNKNOWN : new Rise(hostBefore.kills(), now.kills());
  }

  /**
   * Weighs one end whose control group went with it. That somebody was killed for memory on the
   * host within those two seconds, and nobody else is known who was, stands for the lost count.
   *
   * @param status as wait(2) gives it; one that is not known proves nothing
   */
  Finding weigh(Rise rise, OptionalInt status) {
    long before = Math.max(rise.before(), hostGiven);
    boolean killed = status.isPresent() && (status.getAsInt() & 0x7f) == KILL;
    if (rise.before() < 0 || rise.now() <= before || !killed) {
      return Finding.NONE;
    }
    hostGiven = before + 1;
    return new Finding(
        true,
        "killed for memory: oom_kill of the host (%s) rose from %d to %d, its control group is gone"
            .formatted(HostKills.FILE, before, rise.now()));
  }

  /**
   * Weighs one end.
   *
   * @param earlier the group as it was read the second time before the end: when it was read last
   *     the kernel may have counted this end already, and the process not yet have ended
   * @param last the group as it was read last, within the second before the end
   * @param now the count at the end; -1 when not known
   * @param status as wait(2) gives it; empty when not known
   */
  Finding weigh(GroupReading earlier, GroupReading last, long now, OptionalInt status) {
    long known = earlier.counted().equals(last.counted()) ? earlier.oomKills() : last.oomKills();
    if (known < 0 || now < 0) {
      return Finding.NONE;
    }
    long before = Math.max(known, given.getOrDefault(last.counted(), -1L));
    if (now <= before) {
      return Finding.NONE;
    }
    String rose = "oom_kill of %s rose from %d to %d".formatted(last.counted(), before, now);
    if (status.isPresent() && (status.getAsInt() & 0x7f) != KILL) {
      return Finding.NONE;
    }
    if (status.isEmpty() && !last.alone()) {
      return new Finding(
          false, rose + ", but how it ended is not known, and other processes are in that group");
    }
    give(last.counted(), before + 1);
    return new Finding(
        true,
        status.isPresent()
            ? "killed for memory: " + rose
            : "killed for memory: " + rose + ", and it was alone in that group");
  }

  private void give(String group, long count) {
    given.putLast(group, count);
    hostGiven = Math.max(hostBefore.kills(), hostGiven) + 1;
    if (given.size() > ROOM) {
      Map.Entry<String, Long> oldest = given.firstEntry();
      given.remove(oldest.getKey());
    }
  }
}
