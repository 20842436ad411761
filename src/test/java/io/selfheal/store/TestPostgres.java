package io.selfheal.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One PostgreSQL for all tests of this JVM, started when first asked for, in a directory that goes
 * with the JVM; each test takes its own database. Without fsync: it holds nothing worth keeping.
 */
public final class TestPostgres {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private TestPostgres() {}

  /** A new, empty database of the shared server. */
  public static PostgresUrl freshDatabase() {
    String name = "test_" + COUNT.incrementAndGet();
    execute(Shared.URL, "CREATE DATABASE " + name);
    return Shared.URL.withDatabase(name);
  }

  /** A server of its own, for a test that stops it; stop it at the end. */
  public static EmbeddedPostgres ownServer(Path directory) {
    return EmbeddedPostgres.in(directory, fast());
  }

  /** Runs one statement over JDBC. */
  public static void execute(PostgresUrl url, String sql) {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  /** A blocking connection. */
  public static Connection connect(PostgresUrl url) throws SQLException {
    return DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password().reveal());
  }

  /** Programs shared by the test runs of a build, so that each needs not unpack them. */
  static ServerSettings fast() {
    return new ServerSettings(false, Optional.of(Programs.DIRECTORY));
  }

  /** Unpacked by the first JVM of a build that wants them; others wait for it. */
  private static final class Programs {
    static final Path DIRECTORY = unpacked(Path.of("target", "postgres").toAbsolutePath());

    private static Path unpacked(Path programs) {
      try {
        Files.createDirectories(programs);
        HomeLock lock = HomeLock.take(programs);
        try {
          Binaries.in(programs);
        } finally {
          lock.close();
        }
        return programs;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
  }

  /** Started by the class loader, once. */
  private static final class Shared {
    static final PostgresUrl URL = start();

    private static PostgresUrl start() {
      try {
        Path directory = Files.createTempDirectory("selfheal-test-");
        EmbeddedPostgres postgres = EmbeddedPostgres.in(directory, fast());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(postgres, directory)));
        return postgres.start();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    private static void end(EmbeddedPostgres postgres, Path directory) {
      try {
        postgres.stop();
        Trees.delete(directory);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
