package io.selfheal.bench;

import io.selfheal.store.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The job table. A trigger notifies of each requeue; PostgreSQL delivers that after the commit, so
 * the time that counts is the one at which any worker could take the job again.
 */
final class PgBenchJobs implements AutoCloseable {
  private static final String[] SCHEMA = {
    "CREATE SCHEMA bench",
    """
    CREATE TABLE bench.jobs (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      state text NOT NULL DEFAULT 'ready',
      locked_by text,
      started_at timestamptz,
      attempts int NOT NULL DEFAULT 0)""",
    "CREATE INDEX ON bench.jobs (id) WHERE state = 'running'",
    """
    CREATE FUNCTION bench.requeued() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('requeued', NEW.id::text); RETURN NULL; END $$""",
    """
    CREATE TRIGGER requeued AFTER UPDATE ON bench.jobs FOR EACH ROW
    WHEN (OLD.state = 'running' AND NEW.state = 'ready') EXECUTE FUNCTION bench.requeued()"""
  };

  private final String host;
  private final Connection connection;
  private final Connection listening;
  private final ConcurrentHashMap<Long, CompletableFuture<Instant>> requeues =
      new ConcurrentHashMap<>();

  PgBenchJobs(PostgresUrl url) throws SQLException, IOException {
    host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    connection = connect(url);
    execute(connection, SCHEMA);
    listening = connect(url);
    execute(listening, "LISTEN requeued");
    Thread.ofPlatform().daemon().name("requeues").start(this::listen);
  }

  private static Connection connect(PostgresUrl url) throws SQLException {
    return DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password().reveal());
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private void listen() {
    try {
      PGConnection notified = listening.unwrap(PGConnection.class);
      while (!listening.isClosed()) {
        for (PGNotification each : notified.getNotifications(0)) {
          requeue(Long.parseLong(each.getParameter())).complete(Instant.now());
        }
      }
    } catch (SQLException closed) {
      requeues.values().forEach(waiting -> waiting.completeExceptionally(closed));
    }
  }

  private CompletableFuture<Instant> requeue(long job) {
    return requeues.computeIfAbsent(job, id -> new CompletableFuture<>());
  }

  /** Takes a new job in the name of a process. */
  long take(long pid) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO bench.jobs (state, locked_by, started_at, attempts)"
                + " VALUES ('running', ?, now(), 1) RETURNING id")) {
      insert.setString(1, host + ":" + pid);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** When a job was waiting again. */
  Instant requeued(long job) throws Exception {
    return requeue(job).get(60, TimeUnit.SECONDS);
  }

  /** Ends a job. */
  void finish(long job) throws SQLException {
    requeues.remove(job);
    execute(connection, "UPDATE bench.jobs SET state = 'done' WHERE id = " + job);
  }

  @Override
  public void close() throws SQLException {
    listening.close();
    connection.close();
  }
}
