package io.selfheal.job;

import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A worker process that takes and completes one job at a time, over a connection of its own. */
final class ToyProcess implements AutoCloseable {
  final int pid;

  /** When it began, in nanoseconds of the agents' clock. */
  final long born;

  private final ToyLibrary library;
  private final Connection connection;
  private boolean alive = true;
  private @Nullable String job;
  private boolean half;

  ToyProcess(int pid, long born, ToyLibrary library, PostgresUrl url) throws SQLException {
    this.pid = pid;
    this.born = born;
    this.library = library;
    this.connection = TestPostgres.connect(url);
  }

  String holder() {
    return "here:" + pid;
  }

  boolean alive() {
    return alive;
  }

  /** The job that it works on; null when it has none. */
  @Nullable String job() {
    return job;
  }

  /** Takes the next job that is ready; null when none is. */
  @Nullable String take() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(library.take())) {
      statement.setString(1, holder());
      try (ResultSet rows = statement.executeQuery()) {
        job = rows.next() ? rows.getString(1) : null;
        return job;
      }
    }
  }

  /** Sends the completion of its job; its commit follows later. */
  void begin() throws SQLException {
    connection.setAutoCommit(false);
    if (complete() != 1) {
      throw new AssertionError(holder() + " lives, and its job " + job + " was taken from it");
    }
    half = true;
  }

  private int complete() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(library.complete())) {
      statement.setString(1, job);
      statement.setString(2, holder());
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

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
