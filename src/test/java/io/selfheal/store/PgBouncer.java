package io.selfheal.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A PgBouncer before the shared PostgreSQL that pools transactions, and gives each the session that
 * was idle longest: so no two transactions in a row have the same one.
 */
public final class PgBouncer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");
  private static final int TRIES = 200;

  private final Path directory;
  private final Process process;
  private final int port;

  private PgBouncer(Path directory, Process process, int port) {
    this.directory = directory;
    this.process = process;
    this.port = port;
  }

  /** Starts one for the databases of this server; skips the test where there is none. */
  public static PgBouncer before(PostgresUrl url) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(PROGRAM), "skipped: pgbouncer is not installed here");
    Path directory = Files.createTempDirectory("selfheal-pgbouncer-");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(
        directory.resolve("users.txt"),
        "\"%s\" \"%s\"\n".formatted(url.user(), url.password().reveal()));
    Path settings = directory.resolve("pgbouncer.ini");
    Files.writeString(settings, settings(url, port, directory));
    List<String> argv = new ArrayList<>(List.of(PROGRAM.toString()));
    if ("root".equals(System.getProperty("user.name"))) {
      argv.addAll(List.of("-u", "nobody"));
    }
    argv.add(settings.toString());
    Process process =
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log.txt").toFile())
            .start();
    PgBouncer started = new PgBouncer(directory, process, port);
    started.awaitReady(url);
    return started;
  }

  private static String settings(PostgresUrl url, int port, Path directory) {
    return """
    [databases]
    * = host=%s port=%d
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = %d
    unix_socket_dir =
    auth_type = scram-sha-256
    auth_file = %s
    pool_mode = transaction
    server_round_robin = 1
    default_pool_size = 4
    min_pool_size = 3
    max_client_conn = 200
    """
        .formatted(url.host(), url.port(), port, directory.resolve("users.txt"));
  }

  private void awaitReady(PostgresUrl url) throws IOException, InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      try (Connection connection = TestPostgres.connect(through(url))) {
        if (connection.isValid(1)) {
          return;
        }
      } catch (SQLException notYet) {
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
          break;
        }
      }
    }
    String log = Files.readString(directory.resolve("log.txt"));
    close();
    throw new IOException("pgbouncer does not serve: " + log);
  }

  /** The same database, through the pooler. */
  public PostgresUrl through(PostgresUrl url) {
    return new PostgresUrl(
        "127.0.0.1", port, url.database(), url.user(), url.password(), url.sslMode(), Map.of());
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    Trees.delete(directory);
  }
}
