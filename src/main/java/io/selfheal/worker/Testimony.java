package io.selfheal.worker;

import static io.selfheal.message.Verdict.Ruling.ALIVE;
import static io.selfheal.message.Verdict.Ruling.UNKNOWN;
import static io.selfheal.worker.Judge.MARGIN;

import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.worker.Views.Told;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the views of other agents say of one holder. Pure.
 *
 * @param now on the forward clock, in nanoseconds
 */
record Testimony(Holder holder, Views views, long now) {
  /** Whether the row may mean that process. */
  boolean means(Told told) {
    Mention one = told.mention();
    if (holder.pid().isEmpty()) {
      return one.instance().equals(holder.instance());
    }
    long pid = holder.pid().getAsLong();
    return isPid(one, pid)
        || (sameWorker(one) && (pid == one.process().pid() || pid == one.ownPid()));
  }

  /** Whether the row may mean any process of a worker, and that is one. */
  boolean meansAny(Told told) {
    return holder.only()
        && holder.pid().isEmpty()
        && holder.instance() == null
        && told.mention().worker().equals(holder.worker());
  }

  boolean sameWorker(Mention one) {
    return holder.worker() == null || holder.worker().equals(one.worker());
  }

  /** Whether its agent and the process itself both call it by that pid. */
  static boolean isPid(Mention one, long pid) {
    return pid == one.process().pid() && !one.walled();
  }

  /**
   * Alive or unknown, if a living process among those that are meant may be the holder; empty when
   * none can be.
   */
  Optional<Verdict> lives(List<Told> meant) {
    return meant.stream()
        .filter(told -> told.mention().living() && !another(told.mention()))
        .map(this::living)
        .min(Comparator.comparing(verdict -> verdict.ruling() != ALIVE));
  }

  /** Whether it cannot be the holder: it was started after the holder had taken the job. */
  boolean another(Mention one) {
    if (holder.startTicks().isPresent()) {
      return one.process().startTicks() > holder.startTicks().getAsLong();
    }
    Duration known = holder.knownFor();
    return known != null && age(one).plus(MARGIN).compareTo(known) < 0;
  }

  private Verdict living(Told told) {
    Mention one = told.mention();
    Duration age = age(one);
    Verdict alive =
        Verdict.of(
            ALIVE,
            "%s sees %s alive, started %s ago".formatted(source(told.view()), one, Words.of(age)));
    if (holder.startTicks().isPresent()) {
      return one.process().startTicks() == holder.startTicks().getAsLong()
          ? alive
          : Verdict.of(
              UNKNOWN,
              "%s still sees %s, which is older than the holder"
                  .formatted(source(told.view()), one));
    }
    Duration newer = holder.newerThan();
    Duration claim = holder.claimAge();
    if (claim == null
        || age.plus(MARGIN).compareTo(claim) >= 0
        || (newer != null && newer.plus(MARGIN).compareTo(age) < 0)) {
      return alive;
    }
    return Verdict.of(
        UNKNOWN,
        "%s sees %s, started %s ago, and the row says that the job was taken %s ago: another process had that name then, or a clock is wrong"
            .formatted(source(told.view()), one, Words.of(age), Words.of(claim)));
  }

  Duration age(Mention one) {
    return views.since(one.startedAt(), now);
  }

  @Nullable Duration endedAgo(Mention one) {
    return one.endedAt() == null ? null : views.since(one.endedAt(), now);
  }

  String ended(Told told) {
    return "%s saw %s end %s ago"
        .formatted(source(told.view()), told.mention(), words(endedAgo(told.mention())));
  }

  static String words(@Nullable Duration duration) {
    return duration == null ? "some time" : Words.of(duration);
  }

  /** The agent with the age of its view. */
  String source(View view) {
    return "agent %s (%s ago)".formatted(view.agent(), Words.of(views.since(view.seenAt(), now)));
  }

  String sources(Collection<View> some) {
    return some.stream().map(this::source).distinct().collect(Collectors.joining(", "));
  }

  /** Of a process that was alive when it was last told of. */
  String lived(Told told) {
    return "%s saw %s alive, and nobody has told of its end"
        .formatted(source(told.view()), told.mention());
  }

  /** Of an agent in another place with this host's name. */
  String sameName(View view) {
    return "the row may mean the host of the same name of " + source(view);
  }

  /** The holder as the row names it. */
  String who() {
    return holder.pid().isPresent()
        ? "pid " + holder.pid().getAsLong()
        : holder.instance() == null ? "process named by the row" : holder.instance();
  }
}
