package io.selfheal.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where the jobs of a worker process write that they begun and finished, and read that they may go
 * on: the tables {@code begun}, {@code finished} and {@code go}.
 */
final class WorkPlace {
  /** What makes the tables. */
  static final String TABLES =
      """
      CREATE TABLE begun (task text);
      CREATE TABLE finished (task text, again boolean);
      CREATE TABLE go (now int)""";

  private static final Duration PAUSE = Duration.ofMillis(50);

  private WorkPlace() {}

  /** The database that the process was started with. */
  static PGSimpleDataSource database() {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(System.getenv("WORKER_URL"));
    database.setUser(System.getenv("WORKER_USER"));
    database.setPassword(System.getenv("WORKER_PASSWORD"));
    return database;
  }

  /** A job that does nothing but say so; it goes on only when it is told. */
  static void work(String task, boolean again) {
    write("INSERT INTO begun VALUES (?)", task, null);
    while (!told()) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    write("INSERT INTO finished VALUES (?, ?)", task, again);
  }

  private static boolean told() {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1 FROM go")) {
      return rows.next();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void write(String sql, String task, @Nullable Boolean again) {
    try (Connection connection = database().getConnection();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, task);
      if (again != null) {
        insert.setBoolean(2, again);
      }
      insert.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
