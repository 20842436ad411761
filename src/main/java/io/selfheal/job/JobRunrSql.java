package io.selfheal.job;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements for the tables of JobRunr. They only read. Pure. */
final class JobRunrSql {
  /** The library's own defaults: poll interval in seconds, and how many of them it waits. */
  private static final int POLL_INTERVAL = 15;

  private static final int INTERVALS = 4;

  /** How the library writes a moment. A text of another form is no time. */
  private static final String ISO = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}([.][0-9]{1,9})?Z$";

  private final JobRunrPreset.Tables tables;
  private final Catalog catalog;
  private final RowTime updated;
  private final RowTime beat;

  JobRunrSql(JobRunrPreset.Tables tables, Catalog catalog) {
    this.tables = tables;
    this.catalog = catalog;
    this.updated = RowTime.of(catalog, "t", "updatedat");
    this.beat = RowTime.of(catalog.other(tables.servers()), "v", "lastheartbeat");
  }

  Statements statements() {
    return new Statements(
            find(""), find(" AND t.id > $2::text::bpchar"), Map.of(), counts(), advice())
        .counting(ReadyCount.of(tables.table().sql() + " AS t", "t.state = 'ENQUEUED'", updated));
  }

  /**
   * What the library waits is told by the rows of its servers; OFFSET 0 has the text of a job read
   * once. Escaped characters are made other ones, because PostgreSQL takes no text with the
   * character 0 out of JSON, and a backslash is followed by a slash as well as by a u. An interval
   * of 0 is not known.
   */
  private String find(String after) {
    return """
        WITH patience AS MATERIALIZED (
          SELECT coalesce(nullif(max(v.pollintervalinseconds), 0), %1$d) * %2$d AS seconds
          FROM %3$s AS v),
        living AS MATERIALIZED (
          SELECT v.id FROM %3$s AS v, patience AS w WHERE %4$s < w.seconds * 1000)
        SELECT t.id::text AS id, coalesce(h.state ->> 'serverName', v.name)::text AS holder,
               CASE WHEN h.state ->> 'createdAt' ~ '%5$s' THEN
                 (EXTRACT(EPOCH FROM now() - (h.state ->> 'createdAt')::timestamptz) * 1000)::bigint
               END AS age_ms,
               %6$s AS silence_ms, NULL::bigint AS attempts,
               jsonb_build_array(h.state ->> 'serverId', h.state ->> 'createdAt')::text AS claim,
               %7$s AS sign, NULL::text AS next,
               coalesce(%6$s > w.seconds * 1000, false) AS orphaned, %8$s AS testimony
        FROM patience AS w CROSS JOIN %9$s AS t
        CROSS JOIN LATERAL (
          SELECT replace(t.jobasjson, E'\\\\u', E'\\\\/')::json -> 'jobHistory' -> -1 AS state
          OFFSET 0) AS h
        LEFT JOIN %3$s AS v ON v.id = (h.state ->> 'serverId')::bpchar
        WHERE t.state = 'PROCESSING'%10$s
        ORDER BY t.id
        LIMIT $1::int"""
        .formatted(
            POLL_INTERVAL,
            INTERVALS,
            tables.servers().sql(),
            beat.age(),
            ISO,
            updated.age(),
            updated.micros(),
            testimony(),
            tables.table().sql(),
            after);
  }

  private String testimony() {
    return """
        'JobRunr counts a job as orphaned after ' || w.seconds
          || ' s without a heartbeat; this one gave its last '
          || coalesce((%s / 1000)::text || ' s ago', 'at no known time') || '; its server '
          || coalesce(h.state ->> 'serverId', '(not named)')
          || CASE WHEN v.id IS NULL THEN ' has no row any more'
               ELSE ' gave its last heartbeat '
                 || coalesce((%s / 1000)::text || ' s ago', 'at no known time') END
          || '; '
          || (SELECT CASE count(*) WHEN 0 THEN 'no other server gives heartbeats'
                       ELSE 'of other servers, ' || count(*) || ' give heartbeats' END
              FROM living AS o WHERE o.id IS DISTINCT FROM v.id)"""
        .formatted(updated.age(), beat.age());
  }

  private String counts() {
    return """
        SELECT lower(t.state::text) AS state, count(*) AS jobs, NULL::bigint AS oldest_ms
        FROM %s AS t GROUP BY 1 ORDER BY 2 DESC"""
        .formatted(tables.table().sql());
  }

  /** The library's own index on the state serves. */
  private @Nullable String advice() {
    return catalog.indexes().stream().anyMatch(index -> "state".equals(index.leading()))
        ? null
        : "CREATE INDEX CONCURRENTLY ON " + tables.table().sql() + " (state)";
  }
}
