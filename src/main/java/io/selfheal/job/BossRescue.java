package io.selfheal.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What pg-boss does with a job that expired: the row is deleted and inserted anew, so that a rule
 * of its queue can turn it away without an error. Columns of the versions since are as they are
 * there. Pure.
 */
final class BossRescue {
  /** Not kept by the library: else the job could meet a newer one of its key. */
  private static final String FORGOTTEN = "upsert_by_key";

  private static final String OUTPUT =
      "'{\"value\": {\"message\": \"stuck job rescued by Selfheal\"}}'::jsonb";

  /** As the library counts it, but never past a hundred years: PostgreSQL knows no such time. */
  private static final String DUE =
      """
      now() + CASE WHEN d.retry_backoff THEN least(
          d.retry_delay_max, 3153600000, greatest(d.retry_delay, 1)
            * 2 ^ least(16, greatest(d.retry_count, 0)::bigint + 1) * (1 + random()) / 2)
        ELSE d.retry_delay END * interval '1 second'""";

  /** As the library: a job beyond its limit gets a due time that nobody heeds. */
  private static final String DUE_OF_FAILED =
      "CASE WHEN d.retry_count <= d.retry_limit THEN d.start_after ELSE " + DUE + " END";

  /** How a job t of the table is found that was picked as c. */
  static final String BY_KEY = "t.name = c.name AND t.id = c.id";

  /**
   * To find it by its key again costs a tenth of the rescue. A place does not change while the row
   * is locked; the name tells in which partition it is. It takes the right to read the whole table.
   */
  static final String BY_PLACE = "t.ctid = c.place AND " + BY_KEY;

  private final BossPreset.Tables tables;
  private final Catalog catalog;

  BossRescue(BossPreset.Tables tables, Catalog catalog) {
    this.tables = tables;
    this.catalog = catalog;
  }

  /** Whether copies in dead-letter queues say where they are from. */
  static boolean hasSource(Catalog catalog) {
    return catalog.columns().containsKey("source_name");
  }

  /**
   * A job that its queue turns away fails, as in the library. That is rare, and so the jobs are
   * compared one by one only when one is missing.
   *
   * @param found how a picked job is found: {@link #BY_KEY} or {@link #BY_PLACE}
   * @param answer the end of the statement, which reads the rows of {@code deleted}
   */
  String requeue(String found, String answer) {
    return deleted(found)
        + """
        retried AS (
        %s
          ON CONFLICT DO NOTHING
          RETURNING t.name, t.id),
        failed AS (
        %s
          WHERE (SELECT count(*) FROM retried) < (SELECT count(*) FROM deleted)
            AND NOT EXISTS (SELECT FROM retried AS r WHERE r.name = d.name AND r.id = d.id)
          RETURNING t.*),
        """
            .formatted(inserted("retry", "NULL", DUE), inserted("failed", "now()", "d.start_after"))
        + copied()
        + answer;
  }

  String fail(String answer) {
    return deleted(BY_KEY)
        + """
        failed AS (
        %s
          RETURNING t.*),
        """
            .formatted(inserted("failed", "now()", DUE_OF_FAILED))
        + copied()
        + answer;
  }

  private String deleted(String found) {
    return """
        deleted AS (
          DELETE FROM %s AS t USING picked AS c WHERE %s
          RETURNING t.*),
        """
        .formatted(tables.table().sql(), found);
  }

  private String inserted(String state, String completed, String due) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String column : catalog.columns().keySet()) {
      values.put(column, "d." + Sql.name(column));
    }
    values.remove(FORGOTTEN);
    values.put("state", "'%s'::%s".formatted(state, type("state")));
    values.put("completed_on", completed + "::" + type("completed_on"));
    values.put("start_after", due);
    values.put("output", OUTPUT);
    values.computeIfPresent("heartbeat_on", (name, kept) -> "NULL::" + type(name));
    return insert(values) + "\n  FROM deleted AS d";
  }

  /** The copy is a new job of the other queue, with that queue's options. */
  private String copied() {
    return """
        copied AS (
        %s
          FROM failed AS r JOIN %s AS q ON q.name = r.dead_letter)
        """
        .formatted(insert(copy()), tables.queue().sql());
  }

  private Map<String, String> copy() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("name", "r.dead_letter");
    values.put("data", "r.data");
    values.put("keep_until", "now() + q.retention_seconds * interval '1 second'");
    for (String option :
        List.of("retry_limit", "retry_backoff", "retry_delay", "deletion_seconds")) {
      values.put(option, "q." + option);
    }
    values.put(has("source_output") ? "source_output" : "output", "r.output");
    if (!hasSource(catalog)) {
      return values;
    }
    values.put("expire_seconds", "q.expire_seconds");
    values.put("heartbeat_seconds", "q.heartbeat_seconds");
    for (String kept : List.of("priority", "singleton_key", "group_id", "group_tier")) {
      values.put(kept, "r." + kept);
    }
    values.put("source_name", "r.name");
    values.put("source_id", "r.id");
    values.put("source_created_on", "r.created_on");
    values.put("source_retry_count", "r.retry_count");
    values.put("source_root_id", "coalesce(r.source_root_id, r.id)");
    values.put("trace_context", "r.trace_context");
    values.keySet().removeIf(column -> !has(column));
    return values;
  }

  private String insert(Map<String, String> values) {
    String columns = String.join(", ", values.keySet().stream().map(Sql::name).toList());
    return """
          INSERT INTO %s AS t (%s)
          SELECT %s"""
        .formatted(tables.table().sql(), columns, String.join(", ", values.values()));
  }

  private boolean has(String column) {
    return catalog.columns().containsKey(column);
  }

  private String type(String column) {
    return catalog.column(column).type();
  }
}
