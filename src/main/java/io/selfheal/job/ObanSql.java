package io.selfheal.job;

import io.selfheal.job.Layout.Reach;
import io.selfheal.message.JobEvent.Effect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The statements for Oban's table. Pure. */
final class ObanSql {
  private final TableName table;
  private final Catalog catalog;
  private final Reach reach;
  private final RowTime taken;
  private final RowTime discarded;

  ObanSql(TableName table, Catalog catalog, Reach reach) {
    this.table = table;
    this.catalog = catalog;
    this.reach = reach;
    this.taken = RowTime.of(catalog, "t", "attempted_at");
    this.discarded = RowTime.of(catalog, "t", "discarded_at");
  }

  Statements statements() {
    return new Statements(
            find(""),
            find(" AND t.id > $2::text::bigint"),
            Map.of(
                Effect.REQUEUE, rescue("state = 'available'"),
                Effect.FAIL, rescue("state = 'discarded', discarded_at = " + discarded.now())),
            counts(),
            advice())
        .counting(
            ReadyCount.of(
                table.sql() + " AS t",
                "t.state = 'available'",
                RowTime.ifThere(catalog, "t", "scheduled_at")));
  }

  private String find(String after) {
    return """
        SELECT t.id::text AS id, t.attempted_by[1]::text AS holder,
               %s AS age_ms, NULL::bigint AS silence_ms, t.attempt::bigint AS attempts,
               %s AS claim, NULL::text AS sign,
               CASE WHEN t.attempt >= t.max_attempts THEN 'fail' ELSE 'requeue' END AS next
        FROM %s AS t
        WHERE t.state = 'executing'%s%s
        ORDER BY t.id
        LIMIT $1::int"""
        .formatted(taken.age(), claim(), table.sql(), after, taken.within(reach));
  }

  /** With all that decides what becomes of the job: what changes meanwhile is judged anew. */
  private String claim() {
    return "ROW(t.attempt, t.max_attempts, t.attempted_by, " + taken.micros() + ")::text";
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
          WHERE t.state = 'executing' AND %2$s = c.claim
          ORDER BY t.id
          FOR UPDATE OF t SKIP LOCKED)
        UPDATE %1$s AS t SET %3$s
        FROM picked AS c
        WHERE t.id = c.id
        RETURNING t.id::text AS id"""
        .formatted(table.sql(), claim(), changes);
  }

  private String counts() {
    return """
        SELECT t.state::text AS state, count(*) AS jobs,
               max(%s) FILTER (WHERE t.state = 'executing') AS oldest_ms
        FROM %s AS t GROUP BY 1 ORDER BY 2 DESC"""
        .formatted(taken.age(), table.sql());
  }

  /** None of the library's own indexes gives the running jobs in the order of their ids. */
  private @Nullable String advice() {
    boolean served =
        catalog.indexes().stream()
            .map(Catalog.Index::predicate)
            .anyMatch(
                predicate -> predicate != null && predicate.contains("state = 'executing'::"));
    return served
        ? null
        : "CREATE INDEX CONCURRENTLY ON " + table.sql() + " (id) WHERE state = 'executing'";
  }
}
