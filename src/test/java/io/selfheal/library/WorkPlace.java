package io.selfheal.library;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where the jobs of worker processes write that they begun and ended, and read that they may go on:
 * the tables {@code begun}, {@code ended} and {@code go}, whose {@code all} is for every job.
 */
public final class WorkPlace {
  /**
   * What makes the tables. The database itself looks whether an earlier attempt at the job is still
   * at work while another begins: whether its process lives and it has not ended. It must be on the
   * workers' machine.
   */
  public static final String TABLES =
      """
      CREATE TABLE begun (name text NOT NULL, attempt int NOT NULL, pid int NOT NULL, beside int);
      CREATE TABLE ended (name text NOT NULL, attempt int NOT NULL, pid int NOT NULL);
      CREATE TABLE go (name text NOT NULL);
      CREATE FUNCTION lives(pid int) RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        -- The state is what comes after the name in parentheses; of a zombie, Z.
        RETURN coalesce(substring(pg_read_file('/proc/' || pid || '/stat', 0, 512, true)
          FROM '\\) ([A-Z]) -?[0-9]+ ') NOT IN ('Z', 'X'), false);
      EXCEPTION WHEN OTHERS THEN
        -- It ended while its file was read.
        RETURN false;
      END $$;
      CREATE FUNCTION look_beside() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.beside := (SELECT min(b.pid) FROM begun b WHERE b.name = NEW.name AND lives(b.pid)
          AND NOT EXISTS (SELECT FROM ended e
            WHERE e.name = b.name AND e.attempt = b.attempt AND e.pid = b.pid));
        RETURN NEW;
      END $$;
      CREATE TRIGGER look_beside BEFORE INSERT ON begun FOR EACH ROW
        EXECUTE FUNCTION look_beside()""";

  private static final Duration PAUSE = Duration.ofMillis(50);

  private WorkPlace() {}

  /** How a process on this machine names itself to its library. */
  public static String name(long pid) {
    try {
      return InetAddress.getLocalHost().getHostName() + ":" + pid;
    } catch (UnknownHostException nameless) {
      throw new UncheckedIOException(nameless);
    }
  }

  static String me() {
    return name(ProcessHandle.current().pid());
  }

  /** The database that the process was started with. */
  static PGSimpleDataSource database() {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(System.getenv("WORKER_URL"));
    database.setUser(System.getenv("WORKER_USER"));
    database.setPassword(System.getenv("WORKER_PASSWORD"));
    return database;
  }

  /** A job that does nothing but say so; it goes on only when it is told. */
  static void hold(String name, int attempt) {
    write("INSERT INTO begun VALUES (?, ?, ?)", name, attempt);
    while (!told(name)) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    end(name, attempt);
  }

  /** The same at once. */
  static void work(String name, int attempt) {
    write("INSERT INTO begun VALUES (?, ?, ?)", name, attempt);
    end(name, attempt);
  }

  private static void end(String name, int attempt) {
    write("INSERT INTO ended VALUES (?, ?, ?)", name, attempt);
  }

  private static boolean told(String name) {
    String sql = "SELECT FROM go WHERE name IN (?, 'all')";
    try (Connection connection = database().getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, name);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next();
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void write(String sql, String name, int attempt) {
    try (Connection connection = database().getConnection();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, name);
      insert.setInt(2, attempt);
      insert.setLong(3, ProcessHandle.current().pid());
      insert.executeUpdate();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
