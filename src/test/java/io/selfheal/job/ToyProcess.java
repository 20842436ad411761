package io.selfheal.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A worker process that takes and completes one job at a time, over a connection of its own. */
final class ToyProcess {
  final String host;
  final int pid;

  /** When it began, in nanoseconds of the agents' clock. */
  final long born;

  private final ToyLibrary library;
  private final Connection connection;
  private boolean alive = true;
  private @Nullable String job;
  private @Nullable String attempt;
  private boolean silent;
  private boolean half;

  ToyProcess(String host, int pid, long born, ToyLibrary library, Connection connection) {
    this.host = host;
    this.pid = pid;
    this.born = born;
    this.library = library;
    this.connection = connection;
  }

  String holder() {
    return host + ":" + pid;
  }

  boolean alive() {
    return alive;
  }

  /** The job that it works on; null when it has none. */
  @Nullable String job() {
    return job;
  }

  /** Nothing is heard of it for too long. */
  void fallSilent() {
    silent = job != null;
  }

  /** Whether nothing has been heard for {@code stuck_after} of the job that it works on. */
  boolean silent() {
    return silent;
  }

  /**
   * Takes the next job that is ready; null when none is.
   *
   * @param longAgo whether it did so an hour ago
   */
  @Nullable String take(boolean longAgo) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement(library.take())) {
      statement.setString(1, holder());
      try (ResultSet rows = statement.executeQuery()) {
        boolean taken = rows.next();
        job = taken ? rows.getString(1) : null;
        attempt = taken ? rows.getString(2) : null;
      }
    }
    if (job != null && longAgo) {
      change(library.age(), job);
    }
    connection.commit();
    connection.setAutoCommit(true);
    silent = job != null && longAgo;
    return job;
  }

  /** Gives a sign of life of its job, if its library knows any. */
  void beat() throws SQLException {
    String beat = library.beat();
    if (beat != null && change(beat, job, attempt) == 1) {
      silent = false;
    }
  }

  /**
   * Sends the completion of its job; its commit follows later. Whether there was anything to
   * complete: otherwise it gives up.
   */
  boolean begin() throws SQLException {
    connection.setAutoCommit(false);
    half = change(library.complete(), job, attempt) == 1;
    if (!half) {
      rollback();
      job = null;
    }
    return half;
  }

  private int change(String sql, @Nullable String... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** Whether a completion was sent whose commit has not come. */
  boolean half() {
    return half;
  }

  /** The commit of what was sent comes; the job is completed. */
  void commit() throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
    half = false;
    job = null;
  }

  /** The server finds that nobody will commit. */
  void rollback() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
    half = false;
  }

  /** Is killed. What it sent before may still be committed. */
  void die() {
    alive = false;
  }

  /** Gives its connection back. */
  Connection end() throws SQLException {
    if (half) {
      rollback();
    }
    return connection;
  }
}
