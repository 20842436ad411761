package io.selfheal.worker;

import io.selfheal.message.WorkerEvent.Unwell;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a living process does its part. Pure; all times are attended time, see {@link Attention}.
 *
 * @param stoppedAt when it was first seen stopped, by a signal or a freezer; null when it runs
 * @param heardAt its last heartbeat, or when it was first watched
 * @param told what it has been called
 */
record Condition(@Nullable Duration stoppedAt, Duration heardAt, Set<Unwell> told) {
  Condition {
    told = Set.copyOf(told);
  }

  /** What changed. */
  sealed interface Change {
    /** It does not do its part. */
    record Worse(Unwell reason, Duration lasted) implements Change {}

    /** It does its part again. */
    record Better() implements Change {}
  }

  /** The condition from now on, and what changed. */
  record Step(Condition next, Optional<Change> change) {}

  static Condition fresh(Duration attended) {
    return new Condition(null, attended, Set.of());
  }

  /** That of a process that is watched from now on, from the kernel's letter for it. */
  static Condition found(char state, Duration attended) {
    return new Condition(state == 'T' ? attended : null, attended, Set.of());
  }

  /** Whether a signal has stopped it, however short ago. */
  boolean stopped() {
    return stoppedAt != null;
  }

  /** A look at the kernel's letter for it. */
  Step look(char state, Attention now, Patience patience) {
    if (state == 'T') {
      return stopped(now, patience);
    }
    if (stoppedAt != null) {
      // It could not send heartbeats while it was stopped: its silence counts from now.
      return without(Unwell.FROZEN, now.attended());
    }
    if (state == 't') {
      // A debugger holds it: neither frozen nor silent.
      return new Step(new Condition(null, now.attended(), told), Optional.empty());
    }
    return listening(now, patience);
  }

  /** A heartbeat. */
  Step heard(Duration attended) {
    Step step = without(Unwell.SILENT, attended);
    return new Step(new Condition(stoppedAt, attended, step.next.told), step.change);
  }

  private Step stopped(Attention now, Patience patience) {
    Duration since = stoppedAt == null ? now.attended() : stoppedAt;
    Duration lasted = now.attended().minus(since);
    if (told.contains(Unwell.FROZEN) || lasted.compareTo(patience.frozenAfter()) < 0) {
      return new Step(new Condition(since, heardAt, told), Optional.empty());
    }
    return new Step(
        new Condition(since, heardAt, with(Unwell.FROZEN)),
        Optional.of(new Change.Worse(Unwell.FROZEN, lasted)));
  }

  private Step listening(Attention now, Patience patience) {
    Duration silence = now.attended().minus(heardAt);
    boolean overdue =
        patience.silentAfter().filter(allowed -> silence.compareTo(allowed) > 0).isPresent();
    if (!overdue || now.late() || told.contains(Unwell.SILENT)) {
      return new Step(this, Optional.empty());
    }
    return new Step(
        new Condition(null, heardAt, with(Unwell.SILENT)),
        Optional.of(new Change.Worse(Unwell.SILENT, silence)));
  }

  private Set<Unwell> with(Unwell reason) {
    Set<Unwell> more = EnumSet.of(reason);
    more.addAll(told);
    return more;
  }

  /** Takes one reason away; it is better only when none is left. */
  private Step without(Unwell reason, Duration attended) {
    Set<Unwell> left = EnumSet.noneOf(Unwell.class);
    left.addAll(told);
    boolean was = left.remove(reason);
    Condition next = new Condition(null, attended, left);
    return new Step(
        next, was && left.isEmpty() ? Optional.of(new Change.Better()) : Optional.empty());
  }
}
