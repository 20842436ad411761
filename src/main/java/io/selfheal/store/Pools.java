package io.selfheal.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Makes connections with the agent's limits. */
final class Pools {
  static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration WAIT_LIMIT = Duration.ofSeconds(10);

  private Pools() {}

  /**
   * A pool that lives as long as Vert.x. Made on a thread of its own, because a pool that is made
   * on a verticle's context is closed with that verticle, whoever else uses it.
   */
  static Pool create(Vertx vertx, PostgresUrl url, StoreConfig config) {
    CompletableFuture<Pool> made = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("pool-maker")
        .start(
            () -> {
              try {
                made.complete(build(vertx, url, config));
              } catch (RuntimeException failure) {
                made.completeExceptionally(failure);
              }
            });
    return made.join();
  }

  private static Pool build(Vertx vertx, PostgresUrl url, StoreConfig config) {
    Greeting greeting = new Greeting(vertx, url, config.statementTimeout());
    return PgBuilder.pool()
        .using(vertx)
        .with(
            new PoolOptions()
                .setMaxSize(config.poolMax())
                .setConnectionTimeout((int) WAIT_LIMIT.toSeconds())
                .setConnectionTimeoutUnit(TimeUnit.SECONDS))
        .with(
            new NetClientOptions()
                .setConnectTimeout((int) CONNECT_LIMIT.toMillis())
                .setTcpKeepAlive(true))
        .connectingTo(() -> greeting.options().map(SqlConnectOptions.class::cast))
        .build();
  }

  /** One connection, outside any pool. */
  static Future<PgConnection> connect(Vertx vertx, PostgresUrl url, Duration statementTimeout) {
    return new Greeting(vertx, url, statementTimeout).connect();
  }

  /** Asks on a connection of its own, so that an exhausted pool does not look like an outage. */
  static Future<Void> probe(Vertx vertx, PostgresUrl url) {
    return connect(vertx, url, CONNECT_LIMIT)
        .compose(
            connection ->
                connection.query("SELECT 1").execute().eventually(() -> connection.close()))
        .timeout(CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .mapEmpty();
  }
}
