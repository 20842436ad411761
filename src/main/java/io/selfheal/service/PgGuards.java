package io.selfheal.service;

import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** The signs of life of guards in PostgreSQL. */
final class PgGuards {
  private static final String TOUCH =
      """
      INSERT INTO selfheal.guards AS g (id, agent, seen_at) VALUES ($1, $2, now())
      ON CONFLICT (id) DO UPDATE SET agent = excluded.agent, seen_at = excluded.seen_at
      """;

  private static final String TIDY =
      "DELETE FROM selfheal.guards WHERE seen_at < now() - interval '1 day'";

  private final Database database;
  private final String agent;

  /**
   * @param agent the agent's name
   */
  PgGuards(Database database, String agent) {
    this.database = database;
    this.agent = agent;
  }

  /** This agent lives. */
  Future<Void> touch(UUID id) {
    return database.use(pool -> pool.preparedQuery(TOUCH).execute(Tuple.of(id, agent))).mapEmpty();
  }

  /** This agent guards no longer. */
  Future<Void> leave(UUID id) {
    return database
        .use(
            pool ->
                pool.preparedQuery("DELETE FROM selfheal.guards WHERE id = $1")
                    .execute(Tuple.of(id)))
        .mapEmpty();
  }

  /** Deletes those that are long gone. */
  Future<Void> tidy() {
    return database.use(pool -> pool.query(TIDY).execute()).mapEmpty();
  }
}
