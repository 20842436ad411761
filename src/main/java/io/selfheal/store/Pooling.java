package io.selfheal.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether a pooler gives each transaction any session. A server, and a pooler of whole
 * sessions, never shows one session to two clients that are connected at the same time, nor two to
 * one client.
 */
final class Pooling {
  /** Of a pooler that is busy, one look may show nothing. */
  private static final int LOOKS = 10;

  private Pooling() {}

  static Future<Boolean> ofTransactions(Vertx vertx, PostgresUrl url) {
    return Pools.connect(vertx, url, Pools.CONNECT_LIMIT)
        .compose(
            first ->
                backend(first)
                    .compose(
                        backend ->
                            backend == first.processId()
                                ? Future.succeededFuture(false)
                                : beside(vertx, url, first, backend))
                    .eventually(() -> first.close()))
        .timeout(2 * Pools.CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Future<Boolean> beside(
      Vertx vertx, PostgresUrl url, PgConnection first, int backend) {
    return Pools.connect(vertx, url, Pools.CONNECT_LIMIT)
        .compose(second -> look(first, second, backend, LOOKS).eventually(() -> second.close()));
  }

  /** The first is asked twice in a row: taking turns, two sessions could look like one each. */
  private static Future<Boolean> look(
      PgConnection first, PgConnection second, int backend, int looks) {
    if (looks == 0) {
      return Future.succeededFuture(false);
    }
    return backend(second)
        .compose(other -> other == backend ? Future.succeededFuture(true) : moves(first, backend))
        .compose(
            seen -> seen ? Future.succeededFuture(true) : look(first, second, backend, looks - 1));
  }

  private static Future<Boolean> moves(PgConnection first, int backend) {
    return backend(first).compose(own -> again(first, own, backend));
  }

  private static Future<Boolean> again(PgConnection first, int own, int backend) {
    return backend(first).map(next -> own != backend || next != backend);
  }

  private static Future<Integer> backend(PgConnection connection) {
    return connection
        .query("SELECT pg_backend_pid()")
        .execute()
        .map(rows -> rows.iterator().next().getInteger(0));
  }
}
