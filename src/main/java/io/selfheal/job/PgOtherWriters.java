package io.selfheal.job;

import io.selfheal.store.Database;
import io.vertx.core.Future;

/** Whether others than agents write in one database just now. */
final class PgOtherWriters {
  /**
   * Below 16384 are the server's own tables, in which its vacuum writes. Of other tables vacuum,
   * and who builds an index beside writers, hold this lock on indexes only: they change no row that
   * somebody waits for. A table that its own transaction has made is not seen in the catalog yet.
   */
  private static final String WRITE =
      """
      SELECT EXISTS (
        SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
          LEFT JOIN pg_class AS c ON c.oid = l.relation
        WHERE l.locktype = 'relation' AND l.mode = 'RowExclusiveLock' AND l.relation >= 16384
          AND (c.relkind IS NULL OR c.relkind IN ('r', 'p'))
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND a.application_name IS DISTINCT FROM current_setting('application_name')) AS others""";

  private final Database database;

  PgOtherWriters(Database database) {
    this.database = database;
  }

  /** Whether somebody has changed rows and not yet ended. */
  Future<Boolean> write() {
    return database
        .use(pool -> pool.query(WRITE).execute())
        .map(rows -> rows.iterator().next().getBoolean("others"));
  }
}
