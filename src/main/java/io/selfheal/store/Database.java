package io.selfheal.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.function.Function;

/**
 * One PostgreSQL database, as the concerns use it. The object exists before the database answers,
 * and outlives every outage of it.
 */
public interface Database {
  /** The name of its breaker: {@code database} for the agent's own. */
  String name();

  /**
   * Runs one statement or one short transaction. The result comes on the caller's context.
   *
   * <p>Fails at once with {@link DatabaseUnavailable} while the database is known to be away, and
   * with it, too, when this very call finds it away or gets no answer within the statement timeout
   * and 10 s. What the database itself objects to, such as a broken constraint, comes as it is.
   */
  <T> Future<T> use(Function<Pool, Future<T>> work);
}
