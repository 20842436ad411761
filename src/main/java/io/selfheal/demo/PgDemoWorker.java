package io.selfheal.demo;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * A worker as users have them: it takes a job with {@code FOR UPDATE SKIP LOCKED}, works for as
 * long as the job says, and records that it completed. It knows nothing of the agent. When
 * PostgreSQL is away it tries again, and a completion is recorded once however often it is tried.
 */
public final class PgDemoWorker {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final String url;
  private final Properties login;
  private final String holder;

  private PgDemoWorker(String url, Properties login, String holder) {
    this.url = url;
    this.login = login;
    this.holder = holder;
  }

  /** Works until it is ended. Takes DEMO_URL, DEMO_USER and DEMO_PASSWORD. */
  public static void main(String[] arguments) throws UnknownHostException, InterruptedException {
    Properties login = new Properties();
    login.setProperty("user", variable("DEMO_USER"));
    login.setProperty("password", variable("DEMO_PASSWORD"));
    login.setProperty("ApplicationName", "demo-worker");
    login.setProperty("connectTimeout", "2");
    login.setProperty("socketTimeout", "10");
    String holder = InetAddress.getLocalHost().getHostName() + ":" + ProcessHandle.current().pid();
    new PgDemoWorker(variable("DEMO_URL"), login, holder).workForEver();
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is not set; the demo starts its workers itself");
    }
    return value;
  }

  private void workForEver() throws InterruptedException {
    Optional<Job> done = Optional.empty();
    while (true) {
      try (Connection connection = DriverManager.getConnection(url, login)) {
        connection.setAutoCommit(false);
        say("connected");
        while (true) {
          if (done.isPresent()) {
            complete(connection, done.get());
            done = Optional.empty();
          }
          Optional<Job> job = take(connection);
          if (job.isEmpty()) {
            Thread.sleep(PAUSE);
            continue;
          }
          say("works on job " + job.get().id() + " for " + job.get().workMillis() + " ms");
          Thread.sleep(job.get().workMillis());
          done = job;
        }
      } catch (SQLException away) {
        say("the database is away, trying again: " + away.getMessage());
        Thread.sleep(PAUSE);
      }
    }
  }

  private Optional<Job> take(Connection connection) throws SQLException {
    try (PreparedStatement take =
        connection.prepareStatement(
            """
            UPDATE demo.jobs
               SET state = 'running', locked_by = ?, started_at = now(), attempts = attempts + 1
             WHERE id = (SELECT id FROM demo.jobs WHERE state = 'ready'
                          ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id, work_ms, attempts""")) {
      take.setString(1, holder);
      try (ResultSet row = take.executeQuery()) {
        Optional<Job> job =
            row.next()
                ? Optional.of(new Job(row.getLong(1), row.getLong(2), row.getInt(3)))
                : Optional.empty();
        connection.commit();
        return job;
      }
    }
  }

  /** The completion is written whoever holds the job by now, so that a double run would be seen. */
  private void complete(Connection connection, Job job) throws SQLException {
    try (PreparedStatement record =
            connection.prepareStatement(
                """
                INSERT INTO demo.completions (job_id, attempt, holder) VALUES (?, ?, ?)
                ON CONFLICT DO NOTHING""");
        PreparedStatement finish =
            connection.prepareStatement(
                """
                UPDATE demo.jobs SET state = 'done', finished_at = now()
                 WHERE id = ? AND state = 'running' AND locked_by = ? AND attempts = ?""")) {
      record.setLong(1, job.id());
      record.setInt(2, job.attempt());
      record.setString(3, holder);
      record.executeUpdate();
      finish.setLong(1, job.id());
      finish.setString(2, holder);
      finish.setInt(3, job.attempt());
      finish.executeUpdate();
      connection.commit();
    }
    say("completed job " + job.id());
  }

  private static void say(String text) {
    System.out.println(java.time.Instant.now() + " " + text);
  }

  private record Job(long id, long workMillis, int attempt) {}
}
