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
  private static final Done NONE = new Done(Set.of(), null);

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
    if (jobs.size() <= Throttle.SMALLEST) {
      return done(source.rescue(statements, jobs));
    }
    Future<Boolean> look = source.othersWrite().otherwise(true);
    if (throttle.streams() > 1) {
      return together(statements, parts(jobs)).compose(done -> look.map(this::saw).map(done));
    }
    return look.map(this::saw)
        .compose(
            now ->
                now.streams() > 1
                    ? together(statements, parts(jobs))
                    : inTurn(statements, parts(jobs), 0, NONE));
  }

  private Throttle saw(boolean othersWrite) {
    throttle = throttle.seen(othersWrite);
    return throttle;
  }

  /** One small transaction after the other, with a rest behind each. */
  private Future<Done> inTurn(
      Statements statements, List<List<Judgement>> parts, int index, Done before) {
    if (index == parts.size() || before.failure() != null) {
      return Future.succeededFuture(before);
    }
    long mark = time.mark();
    return done(source.rescue(statements, parts.get(index)))
        .compose(
            done ->
                rest(throttle.rest(time.since(mark)))
                    .compose(rested -> inTurn(statements, parts, index + 1, both(before, done))));
  }

  /** How a transaction went; never fails. */
  private static Future<Done> done(Future<Set<String>> rescue) {
    return rescue.map(changed -> new Done(changed, null)).recover(Streams::failed);
  }

  private static Future<Done> failed(Throwable failure) {
    SourceFailed known =
        failure instanceof SourceFailed ours
            ? ours
            : new SourceFailed("could not rescue jobs: " + failure.getMessage(), failure);
    return Future.succeededFuture(new Done(Set.of(), known));
  }

  private List<List<Judgement>> parts(List<Judgement> jobs) {
    int size = throttle.part(jobs.size());
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
              Future<Done> all = Future.succeededFuture(NONE);
              for (int i = 0; i < parts.size(); i++) {
                List<Judgement> part = parts.get(i);
                Future<Set<String>> one = begun.get(i);
                Future<Done> done =
                    done(
                        one.recover(
                            failure ->
                                parts.size() > 1
                                    ? source.rescue(statements, part)
                                    : Future.failedFuture(failure)));
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

  private static Future<Void> rest(Duration rest) {
    return rest.toMillis() == 0
        ? Future.succeededFuture()
        : Vertx.currentContext().owner().timer(rest.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }
}
