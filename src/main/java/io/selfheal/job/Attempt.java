package io.selfheal.job;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** Tries to change jobs at once, in the way of one {@link PgRescue}. Never fails. */
record Attempt(PgRescue rescue, Statements statements) {
  /** As a stretch; then, by their ids, those that such a one cannot tell from changed ones. */
  Future<Done> whole(List<Judgement> jobs) {
    return done(rescue.byStretches(statements, jobs)).compose(done -> byIds(jobs, done));
  }

  /** Jobs whose change the table does not allow do not keep the others. */
  Future<Done> divided(List<Judgement> jobs) {
    return whole(jobs)
        .compose(
            done -> {
              SourceFailed failure = done.failure();
              return failure == null || !failure.isOfRows()
                  ? Future.succeededFuture(done)
                  : new Division(this::whole).of(done.open(jobs)).map(done.forgiven()::and);
            });
  }

  /** Again while some are changed: a statement may take fewer than it is given. */
  private Future<Done> byIds(List<Judgement> jobs, Done before) {
    List<Judgement> left = before.open(jobs);
    if (left.isEmpty() || before.failure() != null) {
      return Future.succeededFuture(before);
    }
    return done(rescue.byIds(statements, left))
        .compose(
            done -> {
              Done both = before.and(done);
              return done.changed().isEmpty() ? Future.succeededFuture(both) : byIds(jobs, both);
            });
  }

  /** How a transaction went. */
  private static Future<Done> done(Future<Set<String>> rescue) {
    return rescue.map(changed -> new Done(changed, null)).recover(Attempt::failed);
  }

  private static Future<Done> failed(Throwable failure) {
    SourceFailed known =
        failure instanceof SourceFailed ours
            ? ours
            : new SourceFailed("could not rescue jobs: " + failure.getMessage(), failure);
    return Future.succeededFuture(new Done(Set.of(), known));
  }
}
