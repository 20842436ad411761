package io.selfheal.symptom;

import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Memory;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the host, or the agent itself, gets too little to tell slow from dead. Pure.
 *
 * <p>The agent's own ticks are the measure: what makes them late makes the heartbeats and answers
 * of workers late. Pressure on the processors is not one: with sixteen busy loops on two processors
 * some task waited 99 % of the time, and yet the ticks came 0.02 s late on average and 0.1 s at
 * most. A host that is only busy must still be healed.
 *
 * <p>Pressure on memory and storage is one where it is the host's: that all tasks waited which had
 * anything to do is also said of an idle host on which a single backup writes, or a single control
 * group has come to its limit. So memory must be short on the host, and tasks must queue for
 * storage. Where the readings do not tell, that is presumed.
 *
 * @param tick how often it ticks
 * @param last the mark of the last tick
 * @param late why its own ticks speak of starvation; null when they do not
 * @param lateUntil the mark until which that counts
 * @param lateness by how many seconds ticks come late, over ten seconds
 * @param pressed why the host's pressure does; null when it does not
 */
record Starvation(
    Duration tick,
    long last,
    @Nullable String late,
    long lateUntil,
    TenSeconds lateness,
    @Nullable String pressed) {
  /** A tick that comes so much later than it should: ten times the worst of a busy host. */
  private static final Duration MOST_LATE = Duration.ofSeconds(1);

  /** After a late tick what is measured is not trusted for so long. */
  private static final Duration AFTER = Duration.ofSeconds(10);

  /** All ticks come late by this share of their pause: five times what a busy host makes of it. */
  private static final double LATE_SHARE = 0.2;

  /** All tasks waited for memory this share of ten seconds. */
  private static final double MEMORY_FULL = 0.2;

  /** And this share of memory, or less, is available. */
  private static final double MEMORY_SHORT = 0.1;

  /** All tasks waited for storage this share of ten seconds. */
  private static final double STORAGE_FULL = 0.4;

  /** And so many tasks for each processor ran or waited, over a minute. */
  private static final double QUEUED = 2;

  static Starvation fresh(Duration tick, long mark) {
    return new Starvation(tick, mark, null, mark, new TenSeconds(0, mark), null);
  }

  /** After a tick. */
  Starvation ticked(long mark) {
    Duration over = Duration.ofNanos(mark - last).minus(tick);
    double seconds = Math.max(0, over.toNanos() / 1e9);
    TenSeconds mean = lateness.next(seconds, mark);
    if (over.compareTo(MOST_LATE) > 0) {
      String why = "the agent's own tick came " + over.toMillis() + " ms late";
      return new Starvation(tick, mark, why, mark + AFTER.toNanos(), mean, pressed);
    }
    if (late != null && mark - lateUntil < 0) {
      return new Starvation(tick, mark, late, lateUntil, mean, pressed);
    }
    return new Starvation(tick, mark, slow(mean), mark, mean, pressed);
  }

  private @Nullable String slow(TenSeconds mean) {
    return mean.mean() < LATE_SHARE * tick.toNanos() / 1e9
        ? null
        : "the agent's own ticks come %d ms late on average"
            .formatted(Math.round(mean.mean() * 1e3));
  }

  /** After a reading of the host. */
  Starvation sampled(HostSample host) {
    String why = Optional.ofNullable(memory(host)).orElseGet(() -> storage(host));
    return new Starvation(tick, last, late, lateUntil, lateness, why);
  }

  private static @Nullable String memory(HostSample host) {
    double waited = full(host, "memory");
    Memory memory = host.memory();
    boolean plenty = memory != null && memory.availableBytes() > MEMORY_SHORT * memory.totalBytes();
    return waited < MEMORY_FULL || plenty ? null : waited("memory", waited);
  }

  private static @Nullable String storage(HostSample host) {
    double waited = full(host, "io");
    boolean few =
        host.load() != null
            && host.cpu() != null
            && host.load().oneMinute() < QUEUED * host.cpu().perCoreShare().size();
    return waited < STORAGE_FULL || few ? null : waited("storage", waited);
  }

  private static double full(HostSample host, String resource) {
    return Pressures.of(host, resource).map(HostSample.Pressure::fullTenSeconds).orElse(0.0);
  }

  private static String waited(String what, double share) {
    return "all tasks waited for %s %s of the last ten seconds"
        .formatted(what, Amounts.share(share));
  }

  /** Why there is starvation; empty when there is none. */
  Optional<String> why() {
    return Optional.ofNullable(late == null ? pressed : late);
  }
}
