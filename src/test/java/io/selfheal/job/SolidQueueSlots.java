package io.selfheal.job;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What Solid Queue does with jobs of one concurrency key, by the statements that it sends, in our
 * words. Each method is one of its transactions, but for the commit.
 */
final class SolidQueueSlots {
  private static final String NOW = "(now() AT TIME ZONE 'UTC')";

  /** That the class of the job says. */
  private final int limit;

  private final Connection connection;

  /** Jobs that have ended, and whose slots are not given back yet. */
  private int ended;

  private boolean expired;

  /** Whether there were slots that the deleted semaphore counted, and this one does not. */
  private boolean uncounted;

  private boolean overgiven;

  SolidQueueSlots(Connection connection, int limit) throws SQLException {
    this.connection = connection;
    this.limit = limit;
    connection.setAutoCommit(false);
    execute("TRUNCATE solid_queue_jobs, solid_queue_semaphores CASCADE");
    connection.commit();
  }

  void enqueue() throws SQLException {
    dispatch(
        number(
            """
            INSERT INTO solid_queue_jobs (queue_name, class_name, concurrency_key, scheduled_at,
              created_at, updated_at)
            VALUES ('default', 'Job', 'k', %1$s, %1$s, %1$s) RETURNING id"""
                .formatted(NOW)));
  }

  private void dispatch(int job) throws SQLException {
    if (taken()) {
      ready(job);
      return;
    }
    execute(
        """
        INSERT INTO solid_queue_blocked_executions
          (job_id, queue_name, concurrency_key, expires_at, created_at)
        VALUES (%1$d, 'default', 'k', %2$s + interval '10 min', %2$s)"""
            .formatted(job, NOW));
  }

  private void ready(int job) throws SQLException {
    execute(
        """
        INSERT INTO solid_queue_ready_executions (job_id, queue_name, created_at)
        VALUES (%d, 'default', %s)"""
            .formatted(job, NOW));
  }

  /** Takes a slot, if there is one. */
  private boolean taken() throws SQLException {
    if (number("SELECT count(*) FROM solid_queue_semaphores") == 0) {
      execute(
          """
          INSERT INTO solid_queue_semaphores (key, value, expires_at, created_at, updated_at)
          VALUES ('k', %1$d - 1, %2$s + interval '10 min', %2$s, %2$s)"""
              .formatted(limit, NOW));
      return true;
    }
    return execute(
            """
            UPDATE solid_queue_semaphores
            SET value = value - 1, expires_at = %s + interval '10 min' WHERE value > 0"""
                .formatted(NOW))
        > 0;
  }

  void claim(int process) throws SQLException {
    execute(
        """
        WITH taken AS (
          DELETE FROM solid_queue_ready_executions
          WHERE id = (SELECT min(id) FROM solid_queue_ready_executions) RETURNING job_id)
        INSERT INTO solid_queue_claimed_executions (job_id, process_id, created_at)
        SELECT job_id, %d, %s FROM taken"""
            .formatted(process, NOW));
  }

  /** A worker has completed a job; it gives the slot back in another transaction. */
  void finish(int process) throws SQLException {
    ended +=
        execute(
            """
            WITH claim AS (
              DELETE FROM solid_queue_claimed_executions WHERE id = (
                SELECT min(id) FROM solid_queue_claimed_executions WHERE process_id = %d)
              RETURNING job_id)
            UPDATE solid_queue_jobs AS j SET finished_at = %s FROM claim WHERE j.id = claim.job_id"""
                .formatted(process, NOW));
  }

  /** Gives the slot of one that has ended to the next one. */
  void signal() throws SQLException {
    if (ended == 0) {
      return;
    }
    ended--;
    int given =
        execute(
            """
            UPDATE solid_queue_semaphores
            SET value = value + 1, expires_at = %s + interval '10 min' WHERE value < %d"""
                .formatted(NOW, limit));
    if (given > 0) {
      overgiven |= uncounted;
      release("true");
    }
  }

  private void release(String which) throws SQLException {
    int job =
        number(
            """
            SELECT coalesce((SELECT job_id FROM solid_queue_blocked_executions WHERE %s
              ORDER BY priority, job_id LIMIT 1 FOR UPDATE SKIP LOCKED), 0)"""
                .formatted(which));
    if (job > 0 && taken()) {
      ready(job);
      execute("DELETE FROM solid_queue_blocked_executions WHERE job_id = " + job);
    }
  }

  /** What a dispatcher does every ten minutes. */
  void maintain() throws SQLException {
    if (execute("DELETE FROM solid_queue_semaphores WHERE expires_at < " + NOW) > 0) {
      expired = true;
      uncounted = ended + holders() > 0;
      overgiven = false;
    }
    release("expires_at < " + NOW);
  }

  private int holders() throws SQLException {
    return number(
        """
        SELECT (SELECT count(*) FROM solid_queue_ready_executions)
          + (SELECT count(*) FROM solid_queue_claimed_executions)""");
  }

  /** A person retries one that has failed. */
  void retry() throws SQLException {
    int job = number("SELECT coalesce(min(job_id), 0) FROM solid_queue_failed_executions");
    if (job > 0) {
      dispatch(job);
      execute("DELETE FROM solid_queue_failed_executions WHERE job_id = " + job);
    }
  }

  /** So many minutes pass. */
  void pass(int minutes) throws SQLException {
    String back = " - interval '%d min'".formatted(minutes);
    execute(
        "UPDATE solid_queue_jobs SET created_at = created_at%1$s, scheduled_at = scheduled_at%1$s"
            .formatted(back));
    for (String table : new String[] {"claimed", "ready", "failed"}) {
      execute(
          "UPDATE solid_queue_%s_executions SET created_at = created_at%s".formatted(table, back));
    }
    for (String table : new String[] {"semaphores", "blocked_executions"}) {
      execute(
          "UPDATE solid_queue_%1$s SET created_at = created_at%2$s, expires_at = expires_at%2$s"
              .formatted(table, back));
    }
  }

  void commit() throws SQLException {
    connection.commit();
  }

  /** Whether a semaphore was deleted, whatever it counted. */
  boolean expired() {
    return expired;
  }

  /**
   * Whether the library may have given back to this semaphore a slot of an earlier one, and so lets
   * more jobs run than its limit: nothing in the tables tells of that.
   */
  boolean overgiven() {
    return overgiven;
  }

  int ended() {
    return ended;
  }

  private int execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private int number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
