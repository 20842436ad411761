package io.selfheal.job;

import io.selfheal.job.Layout.Reach;
import io.selfheal.message.JobEvent.Effect;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The statements for River's table. Pure. */
final class RiverSql {
  /** Asked to cancel: then the job is not tried again. */
  private static final String CANCELLED = "t.metadata ->> 'cancel_attempted_at' IS NOT NULL";

  /** Failures so far are the entries; this is one more. An exponent beyond a year says nothing. */
  private static final String RETRY_AT =
      "now() + least(power(coalesce(cardinality(t.errors), 0) + 1, 4), 31536000)"
          + " * (0.9 + random() * 0.2) * interval '1 second'";

  private static final String RETRYABLE =
      "state = 'retryable', finalized_at = NULL, scheduled_at = " + RETRY_AT;

  private static final String FINAL =
      "state = (CASE WHEN "
          + CANCELLED
          + " THEN 'cancelled' ELSE 'discarded' END)::text::%s, finalized_at = now()";

  private final TableName table;
  private final Catalog catalog;
  private final Reach reach;
  private final RowTime taken;

  RiverSql(TableName table, Catalog catalog, Reach reach) {
    this.table = table;
    this.catalog = catalog;
    this.reach = reach;
    this.taken = RowTime.of(catalog, "t", "attempted_at");
  }

  Statements statements() {
    String state = catalog.column("state").type();
    return new Statements(
            find(""),
            find(" AND t.id > $2::text::bigint"),
            changes(state, this::rescue),
            counts(),
            advice())
        .stretching(stretches() ? changes(state, this::stretch) : Map.of())
        .counting(
            ReadyCount.of(
                table.sql() + " AS t",
                "t.state = 'available'",
                RowTime.of(catalog, "t", "scheduled_at")));
  }

  private static Map<Effect, String> changes(String state, UnaryOperator<String> statement) {
    return Map.of(
        Effect.REQUEUE,
        statement.apply(RETRYABLE),
        Effect.FAIL,
        statement.apply(FINAL.formatted(state)));
  }

  /** In one table, the place of a row is that of no other. */
  private boolean stretches() {
    return "r".equals(catalog.kind()) && Horizon.tells(catalog, reach);
  }

  private String find(String after) {
    return """
        SELECT t.id::text AS id, t.attempted_by[array_upper(t.attempted_by, 1)]::text AS holder,
               %s AS age_ms, NULL::bigint AS silence_ms, t.attempt::bigint AS attempts,
               %s AS claim, NULL::text AS sign,
               CASE WHEN %s OR t.attempt >= t.max_attempts THEN 'fail' ELSE 'requeue' END AS next,
               CASE WHEN %s THEN 'somebody asked to cancel it: it becomes cancelled'
                    WHEN t.attempt >= t.max_attempts
                    THEN 'the library has no attempt left for it: it becomes discarded'
               END AS becomes%s
        FROM %s AS t
        WHERE t.state = 'running'%s%s
        ORDER BY t.id
        LIMIT $1::int"""
        .formatted(
            taken.age(),
            claim(),
            CANCELLED,
            CANCELLED,
            stretches() ? ", " + Horizon.COLUMN : "",
            table.sql(),
            after,
            taken.within(reach));
  }

  /** With all that decides what becomes of the job: what changes meanwhile is judged anew. */
  private String claim() {
    return "ROW(t.attempt, t.max_attempts, t.attempted_by, "
        + taken.micros()
        + ", "
        + CANCELLED
        + ")::text";
  }

  /**
   * Locked in the order of the ids; what another has locked is skipped. A row that changed before
   * its lock came is compared again by PostgreSQL as it is then.
   */
  private String rescue(String changes) {
    return """
        WITH picked AS MATERIALIZED (
          SELECT t.id
          FROM unnest($1::text[]::bigint[], $2::text[], $3::text[]) AS c (id, claim, sign)
          JOIN %1$s AS t ON t.id = c.id
          WHERE t.state = 'running' AND %2$s = c.claim
          ORDER BY t.id
          FOR UPDATE OF t SKIP LOCKED)
        UPDATE %1$s AS t
        SET %3$s
        FROM picked AS c
        WHERE t.id = c.id
        RETURNING t.id::text AS id"""
        .formatted(table.sql(), claim(), rescued(changes));
  }

  /** By their places: to find each by its id again costs as much as a tenth of the change. */
  private String stretch(String changes) {
    return """
        WITH picked AS MATERIALIZED (
          SELECT t.ctid AS place
          FROM %1$s AS t
          WHERE t.state = 'running' AND t.id >= $1::text::bigint AND t.id <= $2::text::bigint
            AND %2$s
          ORDER BY t.id
          LIMIT $4::int
          FOR UPDATE OF t SKIP LOCKED),
        changed AS (
          UPDATE %1$s AS t
          SET %3$s
          WHERE t.ctid = ANY (ARRAY(SELECT c.place FROM picked AS c)) AND t.state = 'running'
            AND t.id >= $1::text::bigint AND t.id <= $2::text::bigint AND %2$s
          RETURNING t.id)
        """
            .formatted(table.sql(), Horizon.BEFORE, rescued(changes))
        + PgStretchAnswer.answer("changed", "t.id::text");
  }

  private static String rescued(String changes) {
    return "%s, errors = array_append(t.errors, %s), metadata = %s"
        .formatted(changes, error(), metadata());
  }

  /** What is the same in all of them is made once: to write the time alone costs a tenth. */
  private static String error() {
    return """
        (SELECT jsonb_build_object(
          'at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          'error', 'Stuck job rescued by Selfheal', 'trace', ''))
          || jsonb_build_object('attempt', greatest(t.attempt, 0))""";
  }

  /** Only a whole number is counted on. Most jobs have none yet, and are spared the reckoning. */
  private static String metadata() {
    return """
        CASE WHEN jsonb_typeof(t.metadata) <> 'object' THEN t.metadata
        WHEN NOT jsonb_exists(t.metadata, 'river:rescue_count')
          THEN t.metadata || '{"river:rescue_count": 1}'::jsonb
        ELSE t.metadata || jsonb_build_object(
          'river:rescue_count',
          CASE WHEN t.metadata ->> 'river:rescue_count' ~ '^[0-9]{1,9}$'
            THEN (t.metadata ->> 'river:rescue_count')::bigint ELSE 0 END + 1)
        END""";
  }

  private String counts() {
    return """
        SELECT t.state::text AS state, count(*) AS jobs,
               max(%s) FILTER (WHERE t.state = 'running') AS oldest_ms
        FROM %s AS t GROUP BY 1 ORDER BY 2 DESC"""
        .formatted(taken.age(), table.sql());
  }

  /** None of the library's own indexes gives the running jobs in the order of their ids. */
  private @Nullable String advice() {
    boolean served =
        catalog.indexes().stream()
            .map(Catalog.Index::predicate)
            .anyMatch(predicate -> predicate != null && predicate.contains("state = 'running'::"));
    return served
        ? null
        : "CREATE INDEX CONCURRENTLY ON " + table.sql() + " (id) WHERE state = 'running'";
  }
}
