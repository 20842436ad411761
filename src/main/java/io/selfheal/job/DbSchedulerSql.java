package io.selfheal.job;

import io.selfheal.job.Layout.Reach;
import io.selfheal.message.JobEvent.Effect;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements for the table of db-scheduler. An id is the array of task and instance. Pure. */
final class DbSchedulerSql {
  private static final RowTime DUE = new RowTime("t.execution_time", "now()");
  private static final RowTime BEAT = new RowTime("t.last_heartbeat", "now()");

  /**
   * Which attempt a row is. Each pick raises the version, but an execution that is replaced begins
   * again at 1; its due time tells the two apart.
   */
  private static final String CLAIM =
      "ROW(t.picked, t.version, "
          + Sql.member("t.picked_by::text")
          + ", "
          + DUE.micros()
          + ")::text";

  private static final String SIGN = BEAT.micros();

  private final DbSchedulerLayout layout;
  private final String table;
  private final Catalog catalog;
  private final Reach reach;

  DbSchedulerSql(DbSchedulerLayout layout, Catalog catalog, Reach reach) {
    this.layout = layout;
    this.table = layout.table().sql();
    this.catalog = catalog;
    this.reach = reach;
  }

  Statements statements() {
    String after =
        """

          AND (t.task_name, t.task_instance)
            > ($2::text::jsonb ->> 0, $2::text::jsonb ->> 1)""";
    return new Statements(
            find(""), find(after), Map.of(Effect.REQUEUE, rescue()), counts(), advice())
        .counting(ReadyCount.of(table + " AS t", "NOT t.picked AND " + DUE.come(), DUE));
  }

  /** The number of this attempt, as far as failures in a row tell it. */
  private String find(String after) {
    return """
        SELECT jsonb_build_array(t.task_name, t.task_instance)::text AS id,
               %s AS holder, NULL::bigint AS age_ms,
               %s AS silence_ms,
               coalesce(t.consecutive_failures, 0)::bigint + 1 AS attempts,
               %s AS claim, %s AS sign, 'requeue' AS next
        FROM %s AS t
        WHERE t.picked%s%s%s
        ORDER BY t.task_name, t.task_instance
        LIMIT $1::int"""
        .formatted(
            Sql.holder("t.picked_by::text"),
            BEAT.age(),
            CLAIM,
            SIGN,
            table,
            skipped(),
            old(),
            after);
  }

  private String skipped() {
    if (layout.skipped().isEmpty()) {
      return "";
    }
    return layout.skipped().stream()
        .map(Sql::text)
        .collect(Collectors.joining(", ", " AND t.task_name NOT IN (", ")"));
  }

  private String old() {
    return switch (reach) {
      case Reach.All() -> "";
      case Reach.OlderThan(Duration age) ->
          " AND t.last_heartbeat <= now() - interval '" + age.toMillis() + " milliseconds'";
    };
  }

  /**
   * The inner select locks in the order of the ids and skips what another has locked. The update
   * compares again: a heartbeat or a completion may have come while the lock was awaited.
   */
  private String rescue() {
    String same =
        "t.task_name = c.task_name AND t.task_instance = c.task_instance AND t.picked AND "
            + CLAIM
            + " = c.claim AND "
            + SIGN
            + " IS NOT DISTINCT FROM c.sign";
    return """
        WITH wanted AS (
          SELECT u.id::jsonb ->> 0 AS task_name, u.id::jsonb ->> 1 AS task_instance, u.claim, u.sign
          FROM unnest($1::text[], $2::text[], $3::text[]) AS u (id, claim, sign)),
        locked AS MATERIALIZED (
          SELECT c.* FROM wanted AS c JOIN %1$s AS t ON %2$s
          ORDER BY t.task_name, t.task_instance
          FOR UPDATE OF t SKIP LOCKED)
        UPDATE %1$s AS t
        SET picked = false, picked_by = NULL, last_heartbeat = NULL,
            last_failure = now(), consecutive_failures = coalesce(t.consecutive_failures, 0) + 1,
            execution_time = now(), version = t.version + 1
        FROM locked AS c
        WHERE %2$s
        RETURNING jsonb_build_array(t.task_name, t.task_instance)::text AS id"""
        .formatted(table, same);
  }

  /** No row says since when it runs. */
  private String counts() {
    return """
        SELECT CASE WHEN t.picked THEN 'picked' WHEN t.execution_time <= now() THEN 'due'
                    ELSE 'scheduled' END AS state,
               count(*) AS jobs, NULL::bigint AS oldest_ms
        FROM %s AS t GROUP BY 1 ORDER BY 2 DESC"""
        .formatted(table);
  }

  private @Nullable String advice() {
    if (catalog.indexes().stream().anyMatch(this::serves)) {
      return null;
    }
    return IndexAdvice.of(layout.table(), catalog, "(task_name, task_instance) WHERE picked");
  }

  /** The library's own index on the heartbeat serves when only old executions are read. */
  private boolean serves(Catalog.Index index) {
    String predicate = index.predicate();
    if (predicate != null) {
      return predicate.equals("picked") || predicate.equals("(picked = true)");
    }
    return "picked".equals(index.leading())
        || (reach instanceof Reach.OlderThan && "last_heartbeat".equals(index.leading()));
  }
}
