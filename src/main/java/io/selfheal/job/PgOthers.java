package io.selfheal.job;

import io.selfheal.store.Database;
import io.vertx.core.Future;

/** Whether others than agents write in one database just now. */
final class PgOthers {
  /**
   * Below 16384 are the server's own tables, in which its vacuum writes. Of other tables vacuum
   * holds this lock on the indexes only: it changes no row that somebody waits for.
   */
  private static final String WRITE =
      """
      SELECT EXISTS (
        SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
          JOIN pg_class AS c ON c.oid = l.relation
        WHERE l.locktype = 'relation' AND l.mode = 'RowExclusiveLock' AND l.relation >= 16384
          AND c.relkind IN ('r', 'p')
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND a.application_name IS DISTINCT FROM current_setting('application_name')) AS others""";

  private final Database database;

  PgOthers(Database database) {
    this.database = database;
  }

  /** Whether somebody has changed rows and not yet ended. */
  Future<Boolean> write() {
    return database
        .use(pool -> pool.query(WRITE).execute())
        .map(rows -> rows.iterator().next().getBoolean("others"));
  }
}
