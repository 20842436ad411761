package io.selfheal.system;

import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A job table whose database itself counts how often each job was taken from its holder. */
final class JobTable {
  private final PostgresUrl url;

  private JobTable(PostgresUrl url) {
    this.url = url;
  }

  static JobTable create(PostgresUrl url) {
    TestPostgres.execute(
        url,
        """
        CREATE TABLE jobs (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          state text NOT NULL,
          holder text,
          started_at timestamptz,
          attempts int NOT NULL DEFAULT 1);
        CREATE TABLE rescues (job_id bigint NOT NULL);
        CREATE FUNCTION count_rescue() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO rescues VALUES (NEW.id);
          RETURN NEW;
        END $$;
        CREATE TRIGGER count_rescue AFTER UPDATE ON jobs FOR EACH ROW
          WHEN (OLD.state = 'running' AND NEW.state <> 'running') EXECUTE FUNCTION count_rescue();
        CREATE INDEX ON jobs (id) WHERE state = 'running'""");
    return new JobTable(url);
  }

  /** The source, for an agent's configuration. */
  static String source(String holder) {
    return """
    sources:
      - name: jobs
        table: public.jobs
        columns: { id: id, state: state, started: started_at, attempts: attempts, holder: holder }
        states: { ready: ready, running: running, failed: failed }
        holder: { %s format: "{host}:{pid}" }
        stuck_after: 1h
        sweep_every: 200ms
    """
        .formatted(holder);
  }

  /** The same for a table that does not say who holds its jobs. */
  static String nameless(String holder) {
    return """
    sources:
      - name: jobs
        table: public.jobs
        columns: { id: id, state: state, started: started_at, attempts: attempts }
        states: { ready: ready, running: running, failed: failed }
        holder: %s
        stuck_after: 1h
        sweep_every: 200ms
    """
        .formatted(holder);
  }

  /** Adds running jobs, held by a process of this host; gives the id of the first. */
  long hold(long pid, int count) throws SQLException {
    return hold(host() + ":" + pid, count);
  }

  /** Adds running jobs of a holder; gives the id of the first. */
  long hold(String holder, int count) throws SQLException {
    try (Connection connection = TestPostgres.connect(url);
        PreparedStatement insert =
            connection.prepareStatement(
                """
                WITH added AS (
                  INSERT INTO jobs (state, holder, started_at)
                  SELECT 'running', ?, now() FROM generate_series(1, ?) RETURNING id)
                SELECT min(id) FROM added""")) {
      insert.setString(1, holder);
      insert.setInt(2, count);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unnamed) {
      return "localhost";
    }
  }

  String state(long id) throws SQLException {
    return text("SELECT state FROM jobs WHERE id = " + id);
  }

  /** How often a job was taken from its holder. */
  long rescues(long id) throws SQLException {
    return number("SELECT count(*) FROM rescues WHERE job_id = " + id);
  }

  long number(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }

  String text(String sql) throws SQLException {
    return texts(sql).getFirst();
  }

  List<String> texts(String sql) throws SQLException {
    return query(url, sql);
  }

  /** The first column of every row. */
  static List<String> query(PostgresUrl url, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }
}
