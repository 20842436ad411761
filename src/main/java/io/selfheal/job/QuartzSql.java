package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import java.util.Map;

/**
 * The statements for the tables of Quartz. An id is the array of scheduler, trigger group, trigger
 * and, of a fired row, its entry. Pure.
 */
final class QuartzSql {
  private static final String NOW = "(EXTRACT(EPOCH FROM now()) * 1000)::bigint";

  /** Beyond its interval the library gives an instance so many milliseconds. */
  private static final String GRACE = "7500";

  private static final String TRIGGER =
      "jsonb_build_array(t.sched_name, t.trigger_group, t.trigger_name)::text";

  /** Any write to the row makes another version of it, and so another claim. */
  private static final String VERSION = "jsonb_build_array(t.trigger_state, t.xmin::text)::text";

  /**
   * An acquired trigger has a fired row of its own. A blocked one has one of its job, which is
   * executed by another trigger or by itself. An acquired one beside an execution of a job that
   * must not run twice is left too: the library blocks it.
   */
  private static final String HELD =
      """
      EXISTS (
        SELECT FROM %s AS f
        WHERE f.sched_name = t.sched_name
          AND ((f.trigger_name = t.trigger_name AND f.trigger_group = t.trigger_group)
            OR (f.job_name = t.job_name AND f.job_group = t.job_group
              AND (f.is_nonconcurrent OR t.trigger_state <> 'ACQUIRED'))))""";

  private final QuartzLayout layout;
  private final String fired;
  private final String triggers;
  private final String instances;
  private final String locks;
  private final String unheld;

  QuartzSql(QuartzLayout layout) {
    this.layout = layout;
    this.fired = layout.table().sql();
    this.triggers = layout.triggers().sql();
    this.instances = layout.instances().sql();
    this.locks = layout.locks().sql();
    this.unheld =
        "t.trigger_state IN ('ACQUIRED', 'BLOCKED', 'PAUSED_BLOCKED') AND NOT "
            + HELD.formatted(fired);
  }

  Statements statements() {
    return new Statements(
            find(""),
            find("WHERE j.id COLLATE \"C\" > $2::text "),
            Map.of(Effect.REQUEUE, free()),
            counts(),
            null,
            guard())
        .counting(ready());
  }

  /** A trigger whose time has come, and that nobody has acquired. */
  private String ready() {
    return """
        SELECT count(*) AS ready, max({now} - t.next_fire_time) AS waiting_ms FROM {triggers} AS t
        WHERE t.trigger_state = 'WAITING' AND t.next_fire_time <= {now}{of_triggers}"""
        .replace("{triggers}", triggers)
        .replace("{now}", NOW)
        .replace("{of_triggers}", only("t"));
  }

  private String find(String after) {
    return "SELECT j.* FROM (\n"
        + running()
        + "\nUNION ALL\n"
        + orphans()
        + ") AS j\n"
        + after
        + "ORDER BY j.id COLLATE \"C\" LIMIT $1::int";
  }

  private String only(String alias) {
    String scheduler = layout.scheduler();
    return scheduler == null ? "" : " AND " + alias + ".sched_name = " + Sql.text(scheduler);
  }

  /** An instance without a row of its own, in a scheduler where others have one, is given up. */
  private String running() {
    return """
        SELECT jsonb_build_array(f.sched_name, f.trigger_group, f.trigger_name, f.entry_id)::text
                 AS id,
               f.instance_name::text AS holder, {now} - f.fired_time AS age_ms,
               {now} - s.last_checkin_time AS silence_ms, NULL::bigint AS attempts,
               jsonb_build_array(f.instance_name, f.state, f.fired_time)::text AS claim,
               s.last_checkin_time::text AS sign, NULL::text AS next,
               CASE WHEN s.sched_name IS NULL THEN c.clustered
                 ELSE {now} - s.last_checkin_time > s.checkin_interval + {grace} END AS orphaned,
               lower(f.state::text) || coalesce(' the job ' || f.job_group || '.' || f.job_name, '')
                 || CASE WHEN f.requests_recovery THEN ', which requests recovery; '
                      WHEN f.state = 'EXECUTING' THEN ', which does not request recovery; '
                      ELSE '; ' END
                 || CASE WHEN s.sched_name IS NOT NULL THEN 'its instance checked in '
                        || ({now} - s.last_checkin_time) / 1000 || ' s ago, and is given up after '
                        || round((s.checkin_interval + {grace}) / 1000.0, 1) || ' s'
                      WHEN c.clustered THEN 'its instance has no row in {state} any more:'
                        || ' it is recovered by the next instance that starts'
                      ELSE 'its scheduler is not clustered: it recovers when it starts' END
                 AS testimony
        FROM {fired} AS f
        LEFT JOIN {instances} AS s
          ON s.sched_name = f.sched_name AND s.instance_name = f.instance_name
        CROSS JOIN LATERAL (
          SELECT EXISTS (SELECT FROM {instances} AS o WHERE o.sched_name = f.sched_name)
            AS clustered) AS c
        WHERE true{only}"""
        .replace("{now}", NOW)
        .replace("{grace}", GRACE)
        .replace("{state}", layout.instances().name())
        .replace("{fired}", fired)
        .replace("{instances}", instances)
        .replace("{only}", only("f"));
  }

  private String orphans() {
    return """
        SELECT {trigger}, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint, {version},
               NULL::text, CASE WHEN {lockable} THEN 'requeue' ELSE 'leave' END, false,
               'the trigger is ' || t.trigger_state || ', and {fired} has no row of it or of its job '
                 || t.job_group || '.' || t.job_name
        FROM {triggers} AS t
        WHERE {unheld}{only}"""
        .replace("{trigger}", TRIGGER)
        .replace("{version}", VERSION)
        .replace("{lockable}", lockable())
        .replace("{fired}", layout.table().name())
        .replace("{triggers}", triggers)
        .replace("{unheld}", unheld)
        .replace("{only}", only("t"));
  }

  /** Whether the scheduler that uses the trigger takes the library's lock in the database. */
  private String lockable() {
    return """
        EXISTS (SELECT FROM {locks} AS l
                WHERE l.sched_name = t.sched_name AND l.lock_name = 'TRIGGER_ACCESS')
        AND EXISTS (SELECT FROM {instances} AS s
                    WHERE s.sched_name = t.sched_name
                      AND abs({now} - s.last_checkin_time) <= s.checkin_interval + {grace})"""
        .replace("{locks}", locks)
        .replace("{instances}", instances)
        .replace("{now}", NOW)
        .replace("{grace}", GRACE);
  }

  /** As the library takes it. */
  private String guard() {
    return """
        SELECT l.sched_name FROM %s AS l
        WHERE l.lock_name = 'TRIGGER_ACCESS'
          AND l.sched_name IN (SELECT u.id::jsonb ->> 0 FROM unnest($1::text[]) AS u (id))
        ORDER BY l.sched_name
        FOR UPDATE"""
        .formatted(locks);
  }

  /** A scheduler may acquire a trigger without the lock: then its row is locked, or new. */
  private String free() {
    return """
        WITH picked AS MATERIALIZED (
          SELECT t.sched_name, t.trigger_group, t.trigger_name
          FROM unnest($1::text[], $2::text[], $3::text[]) AS c (id, claim, sign)
          JOIN {triggers} AS t
            ON t.sched_name = c.id::jsonb ->> 0 AND t.trigger_group = c.id::jsonb ->> 1
            AND t.trigger_name = c.id::jsonb ->> 2
          WHERE {version} = c.claim AND {unheld} AND {lockable}
          ORDER BY t.sched_name, t.trigger_group, t.trigger_name
          FOR UPDATE OF t SKIP LOCKED)
        UPDATE {triggers} AS t
        SET trigger_state =
          CASE t.trigger_state WHEN 'PAUSED_BLOCKED' THEN 'PAUSED' ELSE 'WAITING' END
        FROM picked AS c
        WHERE t.sched_name = c.sched_name AND t.trigger_group = c.trigger_group
          AND t.trigger_name = c.trigger_name
        RETURNING {trigger} AS id"""
        .replace("{triggers}", triggers)
        .replace("{version}", VERSION)
        .replace("{unheld}", unheld)
        .replace("{lockable}", lockable())
        .replace("{trigger}", TRIGGER);
  }

  private String counts() {
    return """
        SELECT lower(t.trigger_state::text) AS state, count(*) AS jobs, NULL::bigint AS oldest_ms
        FROM {triggers} AS t WHERE true{of_triggers} GROUP BY 1
        UNION ALL
        SELECT 'executing', count(*), max({now} - f.fired_time)
        FROM {fired} AS f WHERE f.state = 'EXECUTING'{of_fired}
        ORDER BY 2 DESC"""
        .replace("{triggers}", triggers)
        .replace("{of_triggers}", only("t"))
        .replace("{now}", NOW)
        .replace("{fired}", fired)
        .replace("{of_fired}", only("f"));
  }
}
