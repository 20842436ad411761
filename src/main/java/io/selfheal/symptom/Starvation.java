package io.selfheal.symptom;

import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Pressure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the host, or the agent itself, gets too little to tell slow from dead: by the kernel's
 * pressure stall information, and by how late the agent's own ticks come. Pure.
 *
 * @param tick how often it ticks
 * @param last the mark of the last tick
 * @param late why its own ticks speak of starvation; null when they do not
 * @param lateUntil the mark until which that counts
 * @param pressed why the host's pressure does; null when it does not
 */
record Starvation(
    Duration tick, long last, @Nullable String late, long lateUntil, @Nullable String pressed) {
  /** A tick that comes so much later than it should. */
  private static final Duration MOST_LATE = Duration.ofSeconds(1);

  /** After a late tick what is measured is not trusted for so long. */
  private static final Duration AFTER = Duration.ofSeconds(10);

  /** Some task waited for the processor this share of ten seconds. */
  private static final double CPU_SOME = 0.40;

  /** All tasks waited for memory or storage this share of ten seconds. */
  private static final double ALL = 0.20;

  static Starvation fresh(Duration tick, long mark) {
    return new Starvation(tick, mark, null, mark, null);
  }

  /** After a tick. */
  Starvation ticked(long mark) {
    Duration over = Duration.ofNanos(mark - last).minus(tick);
    if (over.compareTo(MOST_LATE) > 0) {
      String why = "the agent's own tick came " + over.toMillis() + " ms late";
      return new Starvation(tick, mark, why, mark + AFTER.toNanos(), pressed);
    }
    String still = late != null && mark - lateUntil < 0 ? late : null;
    return new Starvation(tick, mark, still, lateUntil, pressed);
  }

  /** After a reading of the host. */
  Starvation sampled(HostSample host) {
    return new Starvation(tick, last, late, lateUntil, pressed(host.pressure()));
  }

  private static @Nullable String pressed(@Nullable List<Pressure> all) {
    if (all == null) {
      return null;
    }
    for (Pressure one : all) {
      boolean cpu = one.resource().equals("cpu");
      double share = cpu ? one.someTenSeconds() : one.fullTenSeconds();
      if (share > (cpu ? CPU_SOME : ALL)) {
        return "%s waited for %s %d %% of the last ten seconds"
            .formatted(cpu ? "some tasks" : "all tasks", one.resource(), Math.round(share * 100));
      }
    }
    return null;
  }

  /** Why there is starvation; empty when there is none. */
  Optional<String> why() {
    return Optional.ofNullable(late == null ? pressed : late);
  }
}
