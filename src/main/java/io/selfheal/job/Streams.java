package io.selfheal.job;

import io.selfheal.bus.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Changes the jobs of batches in one or more transactions at the same time, as the {@link Throttle}
 * and the {@link Ration} of the source allow. What waits for a free lane begins the moment there is
 * one, so that the database is not idle between two batches. On the verticle's context.
 */
final class Streams {
  /** What was seen of other writers longer ago tells nothing of now. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final PgOtherWriters others;
  private final PgRescue quick;
  private final PgRescue gentle;
  private final Time time;
  private final Lanes lanes = new Lanes(Throttle.STREAMS);
  private Throttle throttle = Throttle.UNKNOWN;
  private long looked;
  private Ration ration = Ration.ANY;

  Streams(PgSource source, Time time) {
    this.others = source.otherWriters();
    this.quick = source.quickRescue();
    this.gentle = source.gentleRescue();
    this.time = time;
    this.looked = time.mark();
  }

  /** Changes the jobs that are still as they were read. Never fails. */
  Future<Done> rescue(Statements statements, List<Judgement> jobs) {
    Attempt gently = new Attempt(gentle, statements);
    if (jobs.size() <= Throttle.SMALLEST) {
      return lanes.one(() -> inTurn(gently, jobs, false));
    }
    if (time.since(looked).compareTo(FRESH) > 0) {
      throttle = throttle.unsure();
    }
    long asked = time.mark();
    Future<Boolean> look = others.write().otherwise(true);
    Attempt quickly = new Attempt(quick, statements);
    if (throttle.streams() > 1) {
      return together(quickly, jobs)
          .compose(done -> look.map(write -> saw(write, asked)).map(done));
    }
    return look.map(write -> saw(write, asked))
        .compose(
            now ->
                now.streams() > 1
                    ? together(quickly, jobs)
                    : lanes.alone(() -> inTurn(gently, jobs, true)));
  }

  private Throttle saw(boolean othersWrite, long asked) {
    throttle = throttle.seen(othersWrite);
    looked = asked;
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
  private Future<Done> inTurn(Attempt attempt, List<Judgement> jobs, boolean rests) {
    return new InTurn(
            this::part,
            some -> {
              long mark = time.mark();
              return attempt
                  .divided(some)
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

  private Future<Done> together(Attempt attempt, List<Judgement> jobs) {
    int size = part(jobs.size());
    Future<Done> all = Future.succeededFuture(Done.NOTHING);
    List<Future<Done>> begun = new ArrayList<>();
    for (int from = 0; from < jobs.size(); from += size) {
      begun.add(part(attempt, jobs.subList(from, Math.min(jobs.size(), from + size))));
    }
    for (Future<Done> one : begun) {
      all = all.compose(before -> one.map(after -> before.and(after)));
    }
    return all;
  }

  /** What stood in another's way, by a unique index say, is tried again, alone. */
  private Future<Done> part(Attempt attempt, List<Judgement> jobs) {
    long mark = time.mark();
    return lanes
        .one(() -> attempt.whole(jobs))
        .compose(done -> ended(jobs.size(), time.since(mark), done, false))
        .compose(
            done ->
                done.failure() == null
                    ? Future.succeededFuture(done)
                    : lanes
                        .alone(() -> inTurn(attempt, done.open(jobs), false))
                        .map(done.forgiven()::and));
  }

  private static Future<Void> rest(Duration rest) {
    return rest.toMillis() == 0
        ? Future.succeededFuture()
        : Vertx.currentContext().owner().timer(rest.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }
}
