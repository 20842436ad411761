package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds the jobs whose change the table does not allow, so that they do not keep the others: what
 * failed as a whole is tried by its effects, and then in halves, down to one. Where too many fail
 * alone, all that are left of that effect are taken for alike. Pure, but for what it tries.
 */
final class Division {
  /**
   * So many that fail alone, of one effect, and the others are not tried: each is a transaction.
   */
  static final int ENOUGH = 16;

  private final Function<List<Judgement>, Future<Done>> attempt;

  /**
   * @param attempt changes jobs in one transaction; never fails
   */
  Division(Function<List<Judgement>, Future<Done>> attempt) {
    this.attempt = attempt;
  }

  /** Changes what can be of jobs that could not be changed together. */
  Future<Done> of(List<Judgement> jobs) {
    Map<Effect, List<Judgement>> byEffect = new LinkedHashMap<>();
    jobs.forEach(job -> byEffect.computeIfAbsent(job.effect(), one -> new ArrayList<>()).add(job));
    Future<Done> all = Future.succeededFuture(Done.NOTHING);
    for (List<Judgement> alike : byEffect.values()) {
      all =
          all.compose(
              before ->
                  before.failure() != null
                      ? Future.succeededFuture(before)
                      : next(new ArrayDeque<>(List.of(alike)), Done.NOTHING).map(before::and));
    }
    return all;
  }

  private Future<Done> next(Deque<List<Judgement>> left, Done before) {
    if (left.isEmpty()) {
      return Future.succeededFuture(before);
    }
    if (before.refused().size() >= ENOUGH) {
      String why = before.refused().values().iterator().next();
      return Future.succeededFuture(
          before.and(Done.refused(left.stream().flatMap(List::stream).toList(), why)));
    }
    List<Judgement> tried = left.remove();
    return attempt.apply(tried).compose(done -> judge(tried, done, left, before));
  }

  private Future<Done> judge(
      List<Judgement> tried, Done done, Deque<List<Judgement>> left, Done before) {
    SourceFailed failure = done.failure();
    if (failure == null || !failure.isOfRows()) {
      Done both = before.and(done);
      return failure == null ? next(left, both) : Future.succeededFuture(both);
    }
    List<Judgement> open = done.open(tried);
    Done known = before.and(done.forgiven());
    if (open.size() == 1) {
      String why = String.valueOf(failure.getMessage());
      return next(left, known.and(Done.refused(open, why)));
    }
    int half = (open.size() + 1) / 2;
    left.addFirst(open.subList(half, open.size()));
    left.addFirst(open.subList(0, half));
    return next(left, known);
  }
}
