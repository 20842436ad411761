package io.selfheal.job;

import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The transactions on the table of one source, each with limits of its own. They fail with {@link
 * SourceFailed}.
 */
final class PgTransactions {
  /** SQLSTATE of what comes behind a failure in one transaction. */
  private static final String IN_FAILED = "25P02";

  private final TableName table;
  private final Database database;

  PgTransactions(TableName table, Database database) {
    this.table = table;
    this.database = database;
  }

  /** One statement of a transaction. */
  record Step(String sql, Tuple arguments) {}

  /**
   * All of one transaction in one message to the server, which answers in one: an idle look is
   * little but such messages, and rows stay locked while one is on its way. When a step fails, the
   * server leaves out the others and makes the commit a rollback.
   */
  Future<List<RowSet<Row>>> atOnce(String doing, String limits, List<Step> steps) {
    return database
        .use(pool -> pool.withConnection(connection -> sent(connection, limits, steps)))
        .recover(failure -> Future.failedFuture(PgFailure.explain(doing, table, failure)));
  }

  private static Future<List<RowSet<Row>>> sent(
      SqlConnection connection, String limits, List<Step> steps) {
    List<Future<RowSet<Row>>> sent = new ArrayList<>();
    sent.add(connection.query("BEGIN; " + limits).execute());
    steps.forEach(step -> sent.add(connection.preparedQuery(step.sql()).execute(step.arguments())));
    sent.add(connection.query("COMMIT").execute());
    return Future.join(sent)
        .transform(
            ended -> {
              Optional<Future<RowSet<Row>>> failed =
                  sent.stream().filter(Future::failed).findFirst();
              return failed.isPresent()
                  ? cause(connection, steps, failed.get().cause()).compose(Future::failedFuture)
                  : Future.succeededFuture(
                      sent.subList(1, sent.size() - 1).stream().map(Future::result).toList());
            });
  }

  /**
   * Why it failed. The client sends a statement again whose types the server does not understand,
   * which then meets a transaction that has failed, and only that is told. So the statements are
   * parsed once more, outside of one.
   */
  private static Future<Throwable> cause(
      SqlConnection connection, List<Step> steps, Throwable told) {
    if (!(told instanceof PgException answer) || !IN_FAILED.equals(answer.getSqlState())) {
      return Future.succeededFuture(told);
    }
    Future<Throwable> found = Future.succeededFuture(told);
    for (Step step : steps) {
      found =
          found.compose(
              before ->
                  before != told
                      ? Future.succeededFuture(before)
                      : connection
                          .prepare(step.sql())
                          .compose(PreparedStatement::close)
                          .map(told)
                          .otherwise(first -> first));
    }
    return found;
  }

  /** Where one answer decides what is asked next. */
  <T> Future<T> transaction(String doing, String limits, Function<SqlConnection, Future<T>> work) {
    return database
        .use(
            pool ->
                pool.withConnection(
                    connection ->
                        connection
                            .query("BEGIN; " + limits)
                            .execute()
                            .compose(begun -> work.apply(connection))
                            .compose(
                                done -> connection.query("COMMIT").execute().map(done),
                                failure -> rolledBack(connection, failure))))
        .recover(failure -> Future.failedFuture(PgFailure.explain(doing, table, failure)));
  }

  /** When that fails, too, the connection is broken, and the server has rolled back by itself. */
  private static <T> Future<T> rolledBack(SqlConnection connection, Throwable failure) {
    return connection.query("ROLLBACK").execute().transform(end -> Future.failedFuture(failure));
  }
}
