package io.selfheal.job;

import io.selfheal.job.Layout.Reach;
import io.selfheal.message.JobEvent.Effect;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements for pg-boss. Pure. */
final class BossSql {
  /** An id in a statement, as the array that {@link #id} makes of it. */
  private static final String AFTER =
      """

          AND t.name >= ($2::text::jsonb ->> 0)
          AND (t.name, t.id) > ($2::text::jsonb ->> 0, ($2::text::jsonb ->> 1)::uuid)""";

  /** What a row costs to be written anew, as it is stored: told without reading it. */
  private static final String BYTES =
      "(coalesce(pg_column_size(t.data), 0) + coalesce(pg_column_size(t.output), 0))::bigint";

  /** A locked job, by its key. */
  private static final String KEY = "l.name, l.id";

  /** And with its place. */
  private static final String PLACE = KEY + ", l.place";

  private final BossPreset.Tables tables;
  private final Catalog catalog;
  private final Reach reach;
  private final RowTime taken;

  BossSql(BossPreset.Tables tables, Catalog catalog, Reach reach) {
    this.tables = tables;
    this.catalog = catalog;
    this.reach = reach;
    this.taken = RowTime.of(catalog, "t", "started_on");
  }

  Statements statements() {
    BossRescue rescue = new BossRescue(tables, catalog);
    String ids = "SELECT %s AS id FROM deleted AS t".formatted(id("t"));
    String failed = picked() + rescue.fail(ids);
    return new Statements(
            find(""),
            find(AFTER),
            Map.of(
                Effect.REQUEUE,
                picked() + rescue.requeue(BossRescue.BY_KEY, ids),
                Effect.FAIL,
                failed,
                Effect.DEAD_LETTER,
                failed),
            counts(),
            advice())
        .stretching(
            Horizon.tells(catalog, reach)
                ? Map.of(
                    Effect.REQUEUE,
                    stretch()
                        + rescue.requeue(
                            BossRescue.BY_PLACE, PgStretchAnswer.answer("deleted", id("t"))))
                : Map.of())
        .counting(ready());
  }

  /** The primary key; the id alone may be there in two queues. */
  static String id(String alias) {
    return "json_build_array(%1$s.name, %1$s.id)::text".formatted(alias);
  }

  /** That the name is compared by itself, too, spares the look the partitions of names before. */
  private String find(String after) {
    return """
        SELECT %s AS id, NULL::text AS holder, %s AS age_ms, %s AS silence_ms,
               t.retry_count::bigint + 1 AS attempts, %s AS claim, %s AS sign,
               CASE WHEN t.retry_count < t.retry_limit AND NOT %s THEN 'requeue'
                    WHEN t.dead_letter IS NOT NULL THEN 'dead_letter' ELSE 'fail' END AS next,
               CASE WHEN t.retry_count < t.retry_limit AND %s
                    THEN 'its stately queue lets only one of its key wait for a retry: it becomes failed'
               END AS becomes%s
        FROM %s AS t
        WHERE t.state = 'active'%s%s%s
        ORDER BY t.name, t.id
        LIMIT $1::int"""
        .formatted(
            id("t"),
            taken.age(),
            silence(),
            claim(),
            sign(),
            another(),
            another(),
            Horizon.tells(catalog, reach) ? ", " + Horizon.COLUMN : "",
            tables.table().sql(),
            queues().map(list -> " AND " + list).orElse(""),
            after,
            taken.within(reach));
  }

  /** The wanted queues; empty for all. */
  private Optional<String> queues() {
    if (tables.queues().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        tables.queues().stream()
            .map(Sql::text)
            .collect(Collectors.joining(", ", "t.name IN (", ")")));
  }

  /** Of a stately queue's jobs with one key, one may wait for a retry. */
  private String another() {
    return """
        (coalesce(t.policy, '') = 'stately' AND EXISTS (
          SELECT FROM %s AS r
          WHERE r.name = t.name AND r.state = 'retry' AND r.policy = 'stately'
            AND coalesce(r.singleton_key, '') = coalesce(t.singleton_key, '')))"""
        .formatted(tables.table().sql());
  }

  /** With all that decides what becomes of the job: what changes meanwhile is judged anew. */
  private String claim() {
    return "ROW(t.retry_count, t.retry_limit, t.dead_letter, "
        + taken.micros()
        + ", "
        + another()
        + ")::text";
  }

  /** Whether jobs have heartbeats at all. */
  static boolean beats(Catalog catalog) {
    return catalog.columns().containsKey("heartbeat_on")
        && catalog.columns().containsKey("heartbeat_seconds");
  }

  /** Each taken job has a time there, also one that never beats. */
  private String silence() {
    if (!beats(catalog)) {
      return "NULL::bigint";
    }
    return "CASE WHEN t.heartbeat_seconds IS NOT NULL OR t.heartbeat_on > t.started_on THEN "
        + RowTime.of(catalog, "t", "heartbeat_on").age()
        + " END";
  }

  private String sign() {
    return beats(catalog) ? RowTime.of(catalog, "t", "heartbeat_on").micros() : "NULL::text";
  }

  /**
   * Each job by its key, in the order of the keys: joined to all that runs, a batch would read
   * again what the batches before have taken. What another has locked is skipped. A row that
   * changed before its lock came is compared again by PostgreSQL as it is then.
   */
  private String picked() {
    return """
        WITH locked AS MATERIALIZED (
          SELECT l.name, l.id, l.bytes
          FROM (
            SELECT u.id::jsonb ->> 0 AS name, (u.id::jsonb ->> 1)::uuid AS id, u.claim, u.sign
            FROM unnest($1::text[], $2::text[], $3::text[]) AS u (id, claim, sign)
            ORDER BY 1, 2) AS c
          CROSS JOIN LATERAL (
            SELECT t.name, t.id, %s AS bytes FROM %s AS t
            WHERE t.name = c.name AND t.id = c.id AND t.state = 'active'
              AND %s = c.claim AND %s IS NOT DISTINCT FROM c.sign
            FOR UPDATE OF t SKIP LOCKED) AS l),
        """
            .formatted(BYTES, tables.table().sql(), claim(), sign())
        + light(KEY);
  }

  /**
   * The look's own condition, between the ends. That no other job stands in the way is of other
   * rows, and so is asked again. The names are not compared by themselves, too, as in the look:
   * PostgreSQL would read the index from the begin of the queue.
   */
  private String stretch() {
    return """
        WITH locked AS MATERIALIZED (
          SELECT t.name, t.id, t.ctid AS place, %s AS bytes FROM %s AS t
          WHERE t.state = 'active'%s
            AND (t.name, t.id) >= ($1::text::jsonb ->> 0, ($1::text::jsonb ->> 1)::uuid)
            AND (t.name, t.id) <= ($2::text::jsonb ->> 0, ($2::text::jsonb ->> 1)::uuid)
            AND %s AND NOT %s
          ORDER BY t.name, t.id
          LIMIT $4::int
          FOR UPDATE OF t SKIP LOCKED),
        """
            .formatted(
                BYTES,
                tables.table().sql(),
                queues().map(list -> " AND " + list).orElse(""),
                Horizon.BEFORE,
                another())
        + light(PLACE);
  }

  /**
   * Of the locked jobs those that come to at most 8 MB, and at least one: payloads are written anew
   * with their jobs, some 100 MB in a second, and until the end the rows are locked. The others are
   * for the next statement. Where all are light together, as nearly always, they are not added up
   * one by one.
   *
   * @param job the columns of a locked job, with the alias l
   */
  private static String light(String job) {
    return """
        picked AS MATERIALIZED (
          SELECT %1$s FROM locked AS l
          WHERE (SELECT sum(l.bytes) <= 8000000 FROM locked AS l)
          UNION ALL
          SELECT %1$s
          FROM (
            SELECT %1$s, sum(l.bytes) OVER (ORDER BY l.name, l.id) - l.bytes AS before
            FROM locked AS l
            WHERE (SELECT sum(l.bytes) > 8000000 FROM locked AS l)) AS l
          WHERE l.before < 8000000),
        """
        .formatted(job);
  }

  /** Deferred jobs and retries are ready when their time has come. */
  private String ready() {
    RowTime due = RowTime.of(catalog, "t", "start_after");
    return ReadyCount.of(
        tables.table().sql() + " AS t",
        "t.state < 'active' AND " + due.come() + queues().map(list -> " AND " + list).orElse(""),
        due);
  }

  private String counts() {
    return """
        SELECT t.state::text AS state, count(*) AS jobs,
               max(%s) FILTER (WHERE t.state = 'active') AS oldest_ms
        FROM %s AS t%s GROUP BY 1 ORDER BY 2 DESC"""
        .formatted(
            taken.age(), tables.table().sql(), queues().map(list -> " WHERE " + list).orElse(""));
  }

  /**
   * None of the library's own indexes gives all active jobs in the order of their keys. Those of
   * its partitions are not seen here: an index of the table as a whole is one of each of them.
   */
  private @Nullable String advice() {
    boolean served =
        catalog.indexes().stream()
            .filter(index -> "name".equals(index.leading()))
            .map(Catalog.Index::predicate)
            .anyMatch(BossSql::ofTheActive);
    if (served) {
      return null;
    }
    return IndexAdvice.of(tables.table(), catalog, "(name, id) WHERE state = 'active'");
  }

  private static boolean ofTheActive(@Nullable String predicate) {
    return predicate != null
        && predicate.contains("state = 'active'::")
        && !predicate.contains(" AND ");
  }
}
