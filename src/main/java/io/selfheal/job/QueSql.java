package io.selfheal.job;

import java.util.Map;

/** The statements for the tables of Que. They only read. Pure. */
final class QueSql {
  /** Locks with one key of 64 bits, of this database; the key is cut into its halves. */
  private static final String LOCKS =
      """
      SELECT (l.classid::bigint << 32) | l.objid::bigint AS id, l.pid
      FROM pg_catalog.pg_locks AS l
      WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
        AND l.mode = 'ExclusiveLock'
        AND l.database = (
          SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())""";

  private final QuePreset.Tables tables;
  private final RowTime due;

  QueSql(QuePreset.Tables tables, Catalog catalog) {
    this.tables = tables;
    this.due = RowTime.of(catalog, "t", "run_at");
  }

  Statements statements() {
    return new Statements(find(""), find(" AND t.id > $2::text::bigint"), Map.of(), counts(), null)
        .counting(ready());
  }

  /** One that is worked on is not ready. */
  private String ready() {
    return ReadyCount.of(
        tables.table().sql() + " AS t",
        "t.finished_at IS NULL AND t.expired_at IS NULL AND "
            + due.come()
            + " AND t.id NOT IN (SELECT l.id FROM ("
            + LOCKS
            + ") AS l)",
        due);
  }

  /** A backend's pid and the time of its start tell sessions apart; an error is another attempt. */
  private String find(String after) {
    return """
        SELECT t.id::text AS id, k.ruby_hostname || ':' || k.ruby_pid AS holder,
               NULL::bigint AS age_ms,
               (EXTRACT(EPOCH FROM clock_timestamp() - a.state_change) * 1000)::bigint
                 AS silence_ms,
               t.error_count::bigint + 1 AS attempts,
               jsonb_build_array(l.pid, EXTRACT(EPOCH FROM a.backend_start)::text, t.error_count,
                 {due})::text AS claim,
               NULL::text AS sign, NULL::text AS next, false AS orphaned,
               'the job ' || t.job_class || ' is locked by the session of backend ' || l.pid
                 || CASE WHEN k.pid IS NULL THEN ', which is not among que_lockers' ELSE '' END
                 || coalesce(' from ' || host(a.client_addr), '')
                 || coalesce(', ' || nullif(a.application_name, ''), '')
                 || coalesce(', ' || a.state, ', whose state this role may not see')
                 || coalesce(', since ' || to_char(a.backend_start AT TIME ZONE 'UTC',
                      'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '') AS testimony
        FROM ({locks}) AS l
        JOIN {jobs} AS t ON t.id = l.id
        LEFT JOIN {lockers} AS k ON k.pid = l.pid
        LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
        WHERE t.finished_at IS NULL AND t.expired_at IS NULL{after}
        ORDER BY t.id
        LIMIT $1::int"""
        .replace("{due}", due.micros())
        .replace("{locks}", LOCKS)
        .replace("{jobs}", tables.table().sql())
        .replace("{lockers}", tables.lockers().sql())
        .replace("{after}", after);
  }

  /** In the words of the library, but for the locked ones and the last of them. */
  private String counts() {
    return """
        SELECT CASE WHEN t.expired_at IS NOT NULL THEN 'expired (dead letters)'
                    WHEN t.finished_at IS NOT NULL THEN 'finished'
                    WHEN l.id IS NOT NULL THEN 'locked'
                    WHEN t.error_count > 0 THEN 'errored'
                    WHEN t.run_at > now() THEN 'scheduled' ELSE 'ready' END AS state,
               count(*) AS jobs, NULL::bigint AS oldest_ms
        FROM {jobs} AS t LEFT JOIN ({locks}) AS l ON l.id = t.id
        GROUP BY 1 ORDER BY 2 DESC"""
        .replace("{jobs}", tables.table().sql())
        .replace("{locks}", LOCKS);
  }
}
