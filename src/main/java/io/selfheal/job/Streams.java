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
import org.jspecify.annotations.Nullable;

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
   * How it went.
   *
   * @param changed the ids of the jobs that were changed
   * @param failure why the others were not even tried to the end; null when they were
   */
  record Done(Set<String> changed, @Nullable SourceFailed failure) {}

  /** Changes the jobs that are still as they were read. Never fails. */
  Future<Done> rescue(Statements statements, List<Judgement> jobs) {
    if (jobs.size() < SMALLEST) {
      return source
          .rescue(statements, jobs)
          .map(changed -> new Done(changed, null))
          .recover(this::failed);
    }
    long mark = time.mark();
    Future<Boolean> look = source.othersWrite().otherwise(true);
    return together(statements, parts(jobs))
        .compose(done -> look.compose(others -> rest(others, mark)).map(done));
  }

  private Future<Done> failed(Throwable failure) {
    SourceFailed known =
        failure instanceof SourceFailed ours
            ? ours
            : new SourceFailed("could not rescue jobs: " + failure.getMessage(), failure);
    return Future.succeededFuture(new Done(Set.of(), known));
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
  private Future<Done> together(Statements statements, List<List<Judgement>> parts) {
    List<Future<Set<String>>> begun =
        parts.stream().map(part -> source.rescue(statements, part)).toList();
    return Future.join(begun)
        .transform(
            ended -> {
              Future<Done> all = Future.succeededFuture(new Done(Set.of(), null));
              for (int i = 0; i < parts.size(); i++) {
                List<Judgement> part = parts.get(i);
                Future<Set<String>> one = begun.get(i);
                Future<Done> done =
                    one.recover(
                            failure ->
                                parts.size() > 1
                                    ? source.rescue(statements, part)
                                    : Future.failedFuture(failure))
                        .map(changed -> new Done(changed, null))
                        .recover(this::failed);
                all = all.compose(before -> done.map(after -> both(before, after)));
              }
              return all;
            });
  }

  private static Done both(Done before, Done after) {
    Set<String> changed = new HashSet<>(before.changed());
    changed.addAll(after.changed());
    return new Done(changed, before.failure() == null ? after.failure() : before.failure());
  }

  private Future<Void> rest(boolean othersWrite, long mark) {
    throttle = throttle.seen(othersWrite);
    Duration rest = throttle.rest(time.since(mark));
    return rest.toMillis() == 0
        ? Future.succeededFuture()
        : Vertx.currentContext().owner().timer(rest.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }
}
