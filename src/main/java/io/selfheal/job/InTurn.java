package io.selfheal.job;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/**
 * Changes jobs part by part. A part that the database ended is tried again as smaller ones; where
 * even single jobs take too long, those that are left are taken for alike, for each is a failed
 * statement that bloats the table. Pure, but for what it tries.
 */
final class InTurn {
  /** So many single jobs that take too long, and the others are not tried. */
  static final int ENOUGH = 2;

  private final IntUnaryOperator size;
  private final Function<List<Judgement>, Future<Done>> attempt;
  private int slow;

  /**
   * @param size how many of so many that are left are changed next
   * @param attempt changes jobs, and learns from it how many the next may be; never fails
   */
  InTurn(IntUnaryOperator size, Function<List<Judgement>, Future<Done>> attempt) {
    this.size = size;
    this.attempt = attempt;
  }

  Future<Done> of(List<Judgement> jobs) {
    return next(jobs, Done.NOTHING);
  }

  private Future<Done> next(List<Judgement> left, Done before) {
    if (left.isEmpty() || before.failure() != null) {
      return Future.succeededFuture(before);
    }
    int next = size.applyAsInt(left.size());
    List<Judgement> part = left.subList(0, next);
    List<Judgement> later = left.subList(next, left.size());
    return attempt.apply(part).compose(done -> judge(part, later, done, before));
  }

  private Future<Done> judge(List<Judgement> part, List<Judgement> later, Done done, Done before) {
    SourceFailed failure = done.failure();
    if (failure == null || !failure.isSlow()) {
      return next(later, before.and(done));
    }
    Done known = before.and(done.forgiven());
    List<Judgement> again = done.left(part);
    if (part.size() > 1) {
      return next(joined(again, later), known);
    }
    slow++;
    String why = String.valueOf(failure.getMessage());
    return slow < ENOUGH
        ? next(later, known.and(Done.refused(again, why)))
        : Future.succeededFuture(known.and(Done.refused(joined(again, later), why)));
  }

  private static List<Judgement> joined(List<Judgement> first, List<Judgement> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
