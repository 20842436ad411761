package io.selfheal.job;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.TraceRequests.Client;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a late job is blocked: its worker waits for a lock in the database. Only waits that have
 * lasted long enough to explain anything count.
 *
 * <ul>
 *   <li>The holder is alive: it is blocked when a connection of its own process waits.
 *   <li>Nothing is known of the holder: it is blocked when a connection waits that may be its
 *       worker's, and has waited long enough to explain anything. That is one of the worker's
 *       processes, whenever its wait began, for the job may have been fetched to come behind it; or
 *       one that cannot be traced to a process, as of another host or behind a pooler, unless its
 *       wait began before the job was taken.
 *   <li>The holder is dead: never. A dead worker waits for nothing, whatever its connection does.
 * </ul>
 */
final class Blockade {
  /**
   * Shorter waits are everyday life on a busy table, and do not explain why a job is late. It is
   * also what PostgreSQL itself calls long: the default of its {@code deadlock_timeout}.
   */
  private static final Duration LONG = Duration.ofSeconds(1);

  private final @Nullable String worker;
  private final List<Seen> seen;

  /**
   * @param worker the worker that all holders of the source are; null when nobody said
   * @param seen those that have waited {@link #enough}
   */
  Blockade(@Nullable String worker, List<Seen> seen) {
    this.worker = worker;
    this.seen = List.copyOf(seen);
  }

  /** A connection that waits, and who is at its client's end. */
  record Seen(LockWait lock, Client client) {}

  /**
   * How long a wait must have lasted to explain anything: where jobs are expected to be short, so
   * is a wait that makes one late.
   */
  static Duration enough(Duration stuckAfter) {
    Duration half = stuckAfter.dividedBy(2);
    return half.compareTo(LONG) < 0 ? half : LONG;
  }

  /**
   * The wait of the job's worker, if there may be one.
   *
   * @param holder the process that the job's row names; null when it names none on this host
   * @param takenWithin the job was taken no longer ago than that, for certain; null when that is
   *     not known
   */
  Optional<Seen> of(
      Judgement late, @Nullable ProcessIdentity holder, @Nullable Duration takenWithin) {
    return switch (late.verdict().ruling()) {
      case DEAD -> Optional.empty();
      case ALIVE -> holder == null ? Optional.empty() : first(one -> owns(one, holder));
      case UNKNOWN ->
          first(this::itsWorkers).or(() -> first(one -> mayBe(one) && !before(one, takenWithin)));
    };
  }

  private Optional<Seen> first(Predicate<Seen> which) {
    return seen.stream().filter(which).findFirst();
  }

  private static boolean owns(Seen one, ProcessIdentity holder) {
    return one.client instanceof Client.Local local && local.processes().contains(holder);
  }

  private boolean itsWorkers(Seen one) {
    return worker != null
        && one.client instanceof Client.Local local
        && local.workers().contains(worker);
  }

  private boolean mayBe(Seen one) {
    return switch (one.client) {
      case Client.Local local ->
          worker == null || local.doubtful() || local.workers().contains(worker);
      case Client.Gone gone -> false;
      case Client.Unknown unknown -> true;
    };
  }

  private static boolean before(Seen one, @Nullable Duration takenWithin) {
    return takenWithin != null && one.lock.olderThan(takenWithin);
  }

  /** Whose wait it is, for an operator. */
  String who(Judgement late, Seen one) {
    if (late.verdict().ruling() == Ruling.ALIVE) {
      return "its holder";
    }
    return itsWorkers(one)
        ? "a process of " + worker
        : "a connection that may be its worker's" + process(one.client);
  }

  private static String process(Client client) {
    return client instanceof Client.Local local ? " (of " + local.name() + ")" : "";
  }
}
