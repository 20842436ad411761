package io.selfheal.job;

import io.selfheal.job.PgTransactions.Step;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks who has rows of jobs locked. It fails with {@link SourceFailed}. */
final class PgRowLocks {
  private static final String LIMITS =
      "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '2s'";

  private final PgTransactions transactions;

  PgRowLocks(PgTransactions transactions) {
    this.transactions = transactions;
  }

  /** By the id of the job; those that are free, or gone, are not among them. */
  Future<Map<String, RowLock>> of(String statement, List<Judgement> jobs) {
    String[] ids = jobs.stream().map(one -> one.job().id()).toArray(String[]::new);
    Step step = new Step(statement, Tuple.tuple().addArrayOfString(ids));
    return transactions
        .atOnce("read who locks rows of", LIMITS, List.of(step))
        .map(
            answers -> {
              Map<String, RowLock> locks = new HashMap<>();
              for (Row row : answers.getFirst()) {
                locks.put(
                    row.getString("id"),
                    new RowLock(PgBackends.blocker(row), row.getBoolean("sure")));
              }
              return locks;
            });
  }
}
