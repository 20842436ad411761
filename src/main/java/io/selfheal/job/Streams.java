package io.selfheal.job;

import io.selfheal.bus.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Changes the jobs of batches in one or more transactions at the same time, as the {@link Throttle}
 * and the {@link Ration} of the source allow. What waits for a free lane begins the moment there is
 * one, so that the database is not idle between two batches. On the verticle's context.
 */
final class Streams {
  private final PgOtherWriters others;
  private final PgRescue rescue;
  private final Time time;
  private final Lanes lanes = new Lanes(Throttle.STREAMS);
  private Throttle throttle = Throttle.UNKNOWN;
  private Ration ration = Ration.ANY;

  Streams(PgSource source, Time time) {
    this.others = source.otherWriters();
    this.rescue = source.rescue();
    this.time = time;
  }

  /** Changes the jobs that are still as they were read. Never fails. */
  Future<Done> rescue(Statements statements, List<Judgement> jobs) {
    if (jobs.size() <= Throttle.SMALLEST) {
      return lanes.one(() -> inTurn(statements, jobs, false));
    }
    Future<Boolean> look = others.write().otherwise(true);
    if (throttle.streams() > 1) {
      return together(statements, jobs).compose(done -> look.map(this::saw).map(done));
    }
    return look.map(this::saw)
        .compose(
            now ->
                now.streams() > 1
                    ? together(statements, jobs)
                    : lanes.alone(() -> inTurn(statements, jobs, true)));
  }

  private Throttle saw(boolean othersWrite) {
    throttle = throttle.seen(othersWrite);
    return throttle;
  }

  private int part(int jobs) {
    return Math.min(jobs, Math.min(throttle.part(jobs), ration.most()));
  }

  /**
   * One small transaction after the other.
   *
   * @param rests whether there is a rest behind each
   */
  private Future<Done> inTurn(Statements statements, List<Judgement> jobs, boolean rests) {
    return new InTurn(
            this::part,
            some -> {
              long mark = time.mark();
              return divided(statements, some)
                  .compose(done -> ended(some.size(), time.since(mark), done, rests));
            })
        .of(jobs);
  }

  private Future<Done> ended(int jobs, Duration took, Done done, boolean rests) {
    SourceFailed failure = done.failure();
    if (failure == null) {
      ration = ration.went(jobs, took);
      throttle = rests ? throttle.went(jobs, took) : throttle;
    } else if (failure.isSlow()) {
      ration = ration.slow(jobs);
    }
    return rests ? rest(throttle.rest(took)).map(done) : Future.succeededFuture(done);
  }

  private Future<Done> together(Statements statements, List<Judgement> jobs) {
    int size = part(jobs.size());
    Future<Done> all = Future.succeededFuture(Done.NOTHING);
    List<Future<Done>> begun = new ArrayList<>();
    for (int from = 0; from < jobs.size(); from += size) {
      begun.add(part(statements, jobs.subList(from, Math.min(jobs.size(), from + size))));
    }
    for (Future<Done> one : begun) {
      all = all.compose(before -> one.map(after -> before.and(after)));
    }
    return all;
  }

  /** What stood in another's way, by a unique index say, is tried again, alone. */
  private Future<Done> part(Statements statements, List<Judgement> jobs) {
    long mark = time.mark();
    return lanes
        .one(() -> attempt(statements, jobs))
        .compose(done -> ended(jobs.size(), time.since(mark), done, false))
        .compose(
            done ->
                done.failure() == null
                    ? Future.succeededFuture(done)
                    : lanes
                        .alone(() -> inTurn(statements, done.open(jobs), false))
                        .map(done.forgiven()::and));
  }

  /** Jobs whose change the table does not allow do not keep the others. */
  private Future<Done> divided(Statements statements, List<Judgement> jobs) {
    return attempt(statements, jobs)
        .compose(
            done -> {
              SourceFailed failure = done.failure();
              return failure == null || !failure.isOfRows()
                  ? Future.succeededFuture(done)
                  : new Division(some -> attempt(statements, some))
                      .of(done.open(jobs))
                      .map(done.forgiven()::and);
            });
  }

  /** As a stretch; then, by their ids, those that such a one cannot tell from changed ones. */
  private Future<Done> attempt(Statements statements, List<Judgement> jobs) {
    return done(rescue.byStretches(statements, jobs))
        .compose(done -> byIds(statements, jobs, done));
  }

  /** Again while some are changed: a statement may take fewer than it is given. */
  private Future<Done> byIds(Statements statements, List<Judgement> jobs, Done before) {
    List<Judgement> left = before.open(jobs);
    if (left.isEmpty() || before.failure() != null) {
      return Future.succeededFuture(before);
    }
    return done(rescue.byIds(statements, left))
        .compose(
            done -> {
              Done both = before.and(done);
              return done.changed().isEmpty()
                  ? Future.succeededFuture(both)
                  : byIds(statements, jobs, both);
            });
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

  private static Future<Void> rest(Duration rest) {
    return rest.toMillis() == 0
        ? Future.succeededFuture()
        : Vertx.currentContext().owner().timer(rest.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }
}
