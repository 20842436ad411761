package io.selfheal.job;

import io.selfheal.bus.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Changes the jobs of a batch in one or more transactions at the same time, as the {@link Throttle}
 * of the source allows. On the verticle's context.
 */
final class Streams {
  /** Smaller parts are not worth a transaction of their own. */
  private static final int SMALLEST = 100;

  private final PgSource source;
  private final Time time;
  private Throttle throttle = Throttle.UNKNOWN;

  Streams(PgSource source, Time time) {
    this.source = source;
    this.time = time;
  }

  /**
   * Changes the jobs that are still as they were read, and answers which. When it fails, a part of
   * them may have been changed all the same.
   */
  Future<Set<String>> rescue(Statements statements, List<Judgement> jobs) {
    if (jobs.size() < SMALLEST) {
      return source.rescue(statements, jobs);
    }
    long mark = time.mark();
    Future<Boolean> look = source.othersWrite().otherwise(true);
    return together(statements, parts(jobs))
        .compose(changed -> look.compose(others -> rest(others, mark)).map(changed));
  }

  private List<List<Judgement>> parts(List<Judgement> jobs) {
    int size = Math.max(SMALLEST, Math.ceilDiv(jobs.size(), throttle.streams()));
    List<List<Judgement>> parts = new ArrayList<>();
    for (int from = 0; from < jobs.size(); from += size) {
      parts.add(jobs.subList(from, Math.min(jobs.size(), from + size)));
    }
    return parts;
  }

  /** Parts that stood in each other's way, by a unique index say, are done again, one by one. */
  private Future<Set<String>> together(Statements statements, List<List<Judgement>> parts) {
    List<Future<Set<String>>> begun =
        parts.stream().map(part -> source.rescue(statements, part)).toList();
    return Future.join(begun)
        .transform(
            ended -> {
              Future<Set<String>> all = Future.succeededFuture(new HashSet<>());
              for (int i = 0; i < parts.size(); i++) {
                all = both(all, begun.get(i), statements, parts.get(i), parts.size() > 1);
              }
              return all;
            });
  }

  private Future<Set<String>> both(
      Future<Set<String>> before,
      Future<Set<String>> one,
      Statements statements,
      List<Judgement> jobs,
      boolean again) {
    return before.compose(
        changed ->
            one.recover(
                    failure ->
                        again ? source.rescue(statements, jobs) : Future.failedFuture(failure))
                .map(
                    more -> {
                      changed.addAll(more);
                      return changed;
                    }));
  }

  private Future<Void> rest(boolean othersWrite, long mark) {
    throttle = throttle.seen(othersWrite);
    Duration rest = throttle.rest(time.since(mark));
    return rest.toMillis() == 0
        ? Future.succeededFuture()
        : Vertx.currentContext().owner().timer(rest.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }
}
