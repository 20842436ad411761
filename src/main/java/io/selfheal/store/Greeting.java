package io.selfheal.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How connections to one place are greeted. A pooler such as PgBouncer refuses a greeting that sets
 * {@code statement_timeout}, unless it is told to ignore it; so it is found out once, with a
 * connection of its own, what is taken. Without the setting calls still end, by the limits that
 * transactions set themselves and by the agent's own deadline.
 */
final class Greeting {
  private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);
  private static final String LIMIT = "statement_timeout";

  /** The client sets it by itself; it is for versions of PostgreSQL before 12. */
  private static final String DIGITS = "extra_float_digits";

  /** Statements that a session keeps; those of the agent are some dozens. */
  private static final int KEPT = 64;

  private static final String REFUSED = "unsupported startup parameter";

  private final Vertx vertx;
  private final PostgresUrl url;
  private final Duration statementTimeout;
  private volatile @Nullable PgConnectOptions known;

  Greeting(Vertx vertx, PostgresUrl url, Duration statementTimeout) {
    this.vertx = vertx;
    this.url = url;
    this.statementTimeout = statementTimeout;
  }

  /**
   * For the next connection; not to be changed, and not to be copied: the client's copy forgets
   * about the pooler. While nobody answers, nothing is learned.
   */
  Future<PgConnectOptions> options() {
    PgConnectOptions taken = known;
    return taken != null
        ? Future.succeededFuture(taken)
        : connect()
            .compose(connection -> connection.close().otherwiseEmpty())
            .map(closed -> Objects.requireNonNull(known));
  }

  /** One connection. */
  Future<PgConnection> connect() {
    PgConnectOptions taken = known;
    if (taken != null) {
      return connect(taken);
    }
    PgConnectOptions limited = plain().addProperty(LIMIT, "" + statementTimeout.toMillis());
    return connect(limited)
        .recover(failure -> refused(failure) ? unlimited() : Future.failedFuture(failure));
  }

  private Future<PgConnection> unlimited() {
    LOG.debug("The pooler at {} takes no {} at login: transactions set their own", url, LIMIT);
    Map<String, String> taken = new HashMap<>(plain().getProperties());
    taken.remove(DIGITS);
    return connect(plain().setProperties(taken));
  }

  private Future<PgConnection> connect(PgConnectOptions options) {
    if (known != null) {
      return PgConnection.connect(vertx, options)
          .timeout(Pools.CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
    return PgConnection.connect(vertx, options)
        .compose(connection -> learn(connection, options))
        .timeout(Pools.CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * A pooler gives its clients process ids of its own. Without one, each session keeps the
   * statements that it has parsed and planned: an idle look costs a third.
   */
  private Future<PgConnection> learn(PgConnection connection, PgConnectOptions options) {
    return connection
        .query("SELECT pg_backend_pid()")
        .execute()
        .map(
            rows -> {
              boolean direct = rows.iterator().next().getInteger(0) == connection.processId();
              known = direct ? keeping(options) : options;
              return connection;
            })
        .onFailure(failure -> connection.close());
  }

  private static PgConnectOptions keeping(PgConnectOptions options) {
    return new PgConnectOptions(options)
        .setUseLayer7Proxy(false)
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(KEPT)
        .setPreparedStatementCacheSqlFilter(sql -> true);
  }

  private static boolean refused(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    return failure instanceof PgException
        && said.contains(REFUSED)
        && (said.contains(LIMIT) || said.contains(DIGITS));
  }

  /**
   * A pooler of transactions may give the two messages of one prepared statement to two sessions;
   * with this, the second message brings the statement along. It costs one parse.
   */
  private PgConnectOptions plain() {
    PgConnectOptions options = url.toConnectOptions().setUseLayer7Proxy(true);
    if (!url.options().containsKey("application_name")) {
      options.addProperty("application_name", "selfheal");
    }
    return options;
  }
}
