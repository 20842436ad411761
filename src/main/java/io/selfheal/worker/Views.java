package io.selfheal.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The views of all other agents, as they were read at one moment. Pure.
 *
 * <p>How old one is counts from the clock of the database, which all agents share, to the reading,
 * and from there on by this agent's forward clock: no clock of any host takes part, and a database
 * that is away makes every view grow old.
 *
 * @param home where this agent is
 * @param readAt when they were read, by the database's clock
 * @param mark the same moment or a little before, on the forward clock, in nanoseconds
 * @param recall what was learned of other places until then
 */
record Views(Place home, List<View> all, Instant readAt, long mark, Recall recall) {
  /** What is older tells nothing; an agent publishes five times as often. */
  static final Duration FRESH = Duration.ofSeconds(10);

  Views {
    all = List.copyOf(all);
  }

  /** One reading, by itself. */
  Views(Place home, List<View> all, Instant readAt, long mark) {
    this(home, all, readAt, mark, Recall.none(home));
  }

  /** Where there is nobody to read of. */
  static Views none(Place home) {
    return new Views(home, List.of(), Instant.EPOCH, 0);
  }

  /** Before anything was read, by an agent that started just now. */
  static Views waiting(Place home, long now) {
    return new Views(home, List.of(), Instant.EPOCH, 0, Recall.waiting(home, now));
  }

  /** This reading with what was learned until it, and by it. */
  Views after(Views before) {
    return new Views(home, all, readAt, mark, before.recall.after(before, this));
  }

  /** A process with the view that mentions it. */
  record Told(View view, Mention mention) {}

  /** What has passed since a moment of the database's clock. */
  Duration since(Instant moment, long now) {
    return Duration.between(moment, readAt).plusNanos(now - mark);
  }

  /** One from the future is of a clock that was set back: nothing can be said of it. */
  boolean fresh(View view, long now) {
    Duration age = since(view.seenAt(), now);
    return !age.isNegative() && age.compareTo(FRESH) <= 0;
  }

  /** Those of agents on hosts of that name, fresh or not. */
  List<View> of(String host) {
    return all.stream().filter(view -> view.place().host().equalsIgnoreCase(host)).toList();
  }

  Stream<View> fresh(long now) {
    return all.stream().filter(view -> fresh(view, now));
  }

  /** The processes of a worker of that name that other agents see now, living and ended ones. */
  List<Told> processesOf(String worker, long now) {
    return told(fresh(now)).filter(told -> told.mention.worker().equals(worker)).toList();
  }

  static Stream<Told> told(Stream<View> views) {
    return views.flatMap(view -> view.processes().stream().map(one -> new Told(view, one)));
  }
}
