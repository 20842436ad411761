package io.selfheal.job;

import io.selfheal.library.LibrarySchemas;
import java.util.List;

/**
 * One-time tasks of db-scheduler, with pids in its schedulers' names: a scheduler compares the
 * version when it completes an execution, and deletes it.
 */
final class ToyDbScheduler implements ToyLibrary {
  private static final String ID = "jsonb_build_array(task_name, task_instance)::text";

  @Override
  public String name() {
    return "db-scheduler";
  }

  @Override
  public void make(Rig rig) {
    rig.sql(LibrarySchemas.of("db-scheduler"));
  }

  @Override
  public String empty() {
    return "TRUNCATE scheduled_tasks";
  }

  @Override
  public List<String> source() {
    return List.of("preset: db-scheduler", "holder: {format: \"{host}:{pid}\"}");
  }

  @Override
  public String add() {
    return """
        INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
        SELECT 'toy', gen_random_uuid()::text, clock_timestamp(), false, 1 WHERE ?::int > 0
        RETURNING %s"""
        .formatted(ID);
  }

  @Override
  public String take() {
    return """
        UPDATE scheduled_tasks SET picked = true, picked_by = ?, last_heartbeat = date_trunc('second', now()),
          version = version + 1
        WHERE ctid = (SELECT ctid FROM scheduled_tasks
          WHERE NOT picked AND execution_time <= now()
          ORDER BY execution_time LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING %s, version::text"""
        .formatted(ID);
  }

  @Override
  public String age() {
    return "UPDATE scheduled_tasks SET last_heartbeat = last_heartbeat - interval '1 hour' WHERE "
        + ID
        + " = ?";
  }

  @Override
  public String beat() {
    return "UPDATE scheduled_tasks SET last_heartbeat = clock_timestamp() WHERE "
        + ID
        + " = ? AND version = ?::bigint";
  }

  @Override
  public String complete() {
    return "DELETE FROM scheduled_tasks WHERE " + ID + " = ? AND version = ?::bigint";
  }

  @Override
  public Late late() {
    return Late.NOTHING;
  }

  @Override
  public String own() {
    return """
        UPDATE scheduled_tasks SET picked = false, picked_by = NULL, last_heartbeat = NULL,
          last_failure = now(), consecutive_failures = coalesce(consecutive_failures, 0) + 1,
          execution_time = now(), version = version + 1
        WHERE %s = ? AND picked"""
        .formatted(ID);
  }

  @Override
  public String fates() {
    return "SELECT %s, CASE WHEN picked THEN 'running' ELSE 'ready' END FROM scheduled_tasks"
        .formatted(ID);
  }

  @Override
  public boolean deletes() {
    return true;
  }

  @Override
  public boolean hasPlace() {
    return false;
  }
}
