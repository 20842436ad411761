package io.selfheal.demo;

import io.selfheal.store.PostgresUrl;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/** The demo's job table: filling it, looking at it, and the proof at the end. */
final class PgDemoJobs {
  private final String url;
  private final Properties login = new Properties();

  PgDemoJobs(PostgresUrl database) {
    this.url = database.jdbcUrl();
    login.setProperty("user", database.user());
    login.setProperty("password", database.password().reveal());
    login.setProperty("connectTimeout", "2");
    login.setProperty("socketTimeout", "10");
  }

  /** A running job with the pid of the worker that holds it. */
  record Running(long id, String holder, int attempts) {
    long pid() {
      return Long.parseLong(holder.substring(holder.lastIndexOf(':') + 1));
    }
  }

  /** What the table says at the end. */
  record Proof(long jobs, long completedOnce, long completedTwice, long open, long rescued) {
    boolean good() {
      return jobs == completedOnce && completedTwice == 0 && open == 0;
    }
  }

  void create() throws IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS demo CASCADE");
      statement.execute("CREATE SCHEMA demo");
      statement.execute(
          """
          CREATE TABLE demo.jobs (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            state text NOT NULL DEFAULT 'ready',
            work_ms int NOT NULL,
            locked_by text,
            started_at timestamptz,
            finished_at timestamptz,
            attempts int NOT NULL DEFAULT 0)""");
      statement.execute(
          """
          CREATE TABLE demo.completions (
            job_id bigint NOT NULL REFERENCES demo.jobs,
            attempt int NOT NULL,
            holder text NOT NULL,
            at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (job_id, attempt, holder))""");
      statement.execute("CREATE INDEX ON demo.jobs (id) WHERE state = 'ready'");
      statement.execute("CREATE INDEX ON demo.jobs (id) WHERE state = 'running'");
    } catch (SQLException failure) {
      throw new IOException("the demo's job table cannot be used", failure);
    }
  }

  /** Adds jobs of 1 to 3 seconds until {@code depth} wait. */
  void fill(int depth) throws IOException {
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO demo.jobs (work_ms) VALUES (?)")) {
      for (long waiting = count(connection, "ready"); waiting < depth; waiting++) {
        insert.setInt(1, ThreadLocalRandom.current().nextInt(1000, 3001));
        insert.executeUpdate();
      }
    } catch (SQLException failure) {
      throw new IOException("the demo's job table cannot be used", failure);
    }
  }

  /** Adds one job in front of all that wait, and returns its id. */
  long addUrgent(int workMillis) throws IOException {
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement(
                """
                INSERT INTO demo.jobs (id, work_ms) OVERRIDING SYSTEM VALUE
                SELECT least(min(id), 0) - 1, ? FROM demo.jobs RETURNING id""")) {
      insert.setInt(1, workMillis);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException failure) {
      throw new IOException("the demo's job table cannot be used", failure);
    }
  }

  /** The running job that was taken last: one in the middle of its work. */
  Optional<Running> newestRunning() throws IOException {
    return running("state = 'running' ORDER BY started_at DESC LIMIT 1");
  }

  /** One job as it stands, when it runs. */
  Optional<Running> running(long id) throws IOException {
    return running("state = 'running' AND id = " + id);
  }

  private Optional<Running> running(String where) throws IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT id, locked_by, attempts FROM demo.jobs WHERE " + where)) {
      return row.next()
          ? Optional.of(new Running(row.getLong(1), row.getString(2), row.getInt(3)))
          : Optional.empty();
    } catch (SQLException failure) {
      throw new IOException("the demo's job table cannot be used", failure);
    }
  }

  String state(long id) throws IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT state FROM demo.jobs WHERE id = " + id)) {
      return row.next() ? row.getString(1) : "gone";
    } catch (SQLException failure) {
      throw new IOException("the demo's job table cannot be used", failure);
    }
  }

  int attempts(long id) throws IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT attempts FROM demo.jobs WHERE id = " + id)) {
      return row.next() ? row.getInt(1) : 0;
    } catch (SQLException failure) {
      throw new IOException("the demo's job table cannot be used", failure);
    }
  }

  long completed() throws IOException {
    try (Connection connection = connect()) {
      return count(connection, "done");
    } catch (SQLException failure) {
      throw new IOException("the demo's job table cannot be used", failure);
    }
  }

  /** Each job with how often it completed. */
  Proof prove() throws IOException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT count(*), count(*) FILTER (WHERE n = 1), count(*) FILTER (WHERE n > 1),
                       count(*) FILTER (WHERE state <> 'done'), count(*) FILTER (WHERE attempts > 1)
                  FROM (SELECT j.id, j.state, j.attempts, count(c.job_id) AS n
                          FROM demo.jobs j LEFT JOIN demo.completions c ON c.job_id = j.id
                         GROUP BY j.id) AS each""")) {
      row.next();
      return new Proof(
          row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
    } catch (SQLException failure) {
      throw new IOException("the demo's job table cannot be used", failure);
    }
  }

  private static long count(Connection connection, String state) throws SQLException {
    try (PreparedStatement count =
        connection.prepareStatement("SELECT count(*) FROM demo.jobs WHERE state = ?")) {
      count.setString(1, state);
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url, login);
  }
}
