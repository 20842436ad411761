package io.selfheal.job;

import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Real sessions that block each other; closing them lets all go. */
final class Sessions implements AutoCloseable {
  private final PostgresUrl url;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  Sessions(PostgresUrl url) {
    this.url = url;
  }

  private Connection connect(String application) throws SQLException {
    String jdbc = url.jdbcUrl();
    Connection connection =
        DriverManager.getConnection(
            jdbc + (jdbc.contains("?") ? "&" : "?") + "ApplicationName=" + application,
            url.user(),
            url.password().reveal());
    connections.add(connection);
    connection.setAutoCommit(false);
    return connection;
  }

  /** A transaction that has done something and stays open. */
  Connection idle(String application, String statement) throws SQLException {
    Connection connection = connect(application);
    run(connection, statement);
    return connection;
  }

  /** A statement that waits for a lock, on a thread of its own; ends when it does wait. */
  Sessions waits(String application, String statement) throws SQLException {
    return waits(application, null, statement);
  }

  /** The same behind another statement in one transaction. */
  Sessions waits(String application, @Nullable String before, String statement)
      throws SQLException {
    Connection connection = connect(application);
    if (before != null) {
      run(connection, before);
    }
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    run(connection, statement);
                    connection.commit();
                  } catch (SQLException closed) {
                    // The test is over.
                  }
                }));
    until(application, "true");
    return this;
  }

  /** Waits until it has waited for as long as explains something. */
  Sessions untilLong(String application) throws SQLException {
    until(application, "clock_timestamp() - l.waitstart > interval '1 second'");
    return this;
  }

  private void until(String application, String condition) throws SQLException {
    String query =
        "SELECT FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid AND NOT l.granted"
            + " WHERE a.application_name = '"
            + application
            + "' AND "
            + condition;
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 1_000_000; i++) {
        try (ResultSet row = statement.executeQuery(query)) {
          if (row.next()) {
            return;
          }
        }
      }
    }
    throw new AssertionError(application + " does not wait");
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends the waits of all by letting the locks go, and sees the waiting ones done. */
  void release(Connection holder) throws SQLException, InterruptedException {
    holder.commit();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
