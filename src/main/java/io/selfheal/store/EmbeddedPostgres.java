package io.selfheal.store;

import io.selfheal.config.Secret;
import io.vertx.pgclient.SslMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL in a directory: durable, on loopback only, with a password that only the
 * directory's owner can read. The server is a process of its own: it outlives an agent that is
 * killed, and the next agent adopts it.
 *
 * <p>Every method blocks; call them on a virtual or worker thread. Several agents may use one
 * directory. Failures are {@link StoreUnavailable}.
 */
public final class EmbeddedPostgres {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final long LOG_LIMIT_BYTES = 16L << 20;

  private final Path home;
  private final ServerSettings settings;

  private EmbeddedPostgres(Path home, ServerSettings settings) {
    this.home = home;
    this.settings = settings;
  }

  /** The server of {@code directory}; it lives in {@code directory/postgres}, about 120 MiB. */
  public static EmbeddedPostgres in(Path directory) {
    return in(directory, ServerSettings.DURABLE);
  }

  static EmbeddedPostgres in(Path directory, ServerSettings settings) {
    return new EmbeddedPostgres(
        directory.toAbsolutePath().normalize().resolve("postgres"), settings);
  }

  /** Starts the server, or adopts the one that runs; returns when it takes connections. */
  public PostgresUrl start() {
    return exclusively(
        "start the embedded PostgreSQL",
        () -> {
          Files.deleteIfExists(stoppedFile());
          Optional<Postmaster> running = Postmaster.find(data());
          return running.isPresent() ? adopt() : launch();
        });
  }

  /** Stops the server cleanly, whoever started it; does nothing when it does not run. */
  public void stop() {
    exclusively(
        "stop the embedded PostgreSQL",
        () -> {
          if (Files.isDirectory(data()) && running()) {
            Files.writeString(stoppedFile(), "");
            Server.in(home, settings).stop();
            LOG.info("The embedded PostgreSQL in {} stopped", home);
          }
          return home;
        });
  }

  /** Whether the server's process is there. Cheap. */
  public boolean running() {
    try {
      return Postmaster.find(data()).isPresent();
    } catch (IOException failure) {
      throw failed("look at the embedded PostgreSQL", failure);
    }
  }

  /**
   * Where the running server is, without starting or changing anything; empty when it does not run,
   * or this user may not read its password.
   */
  public Optional<PostgresUrl> present() {
    try {
      Optional<Postmaster> running = Postmaster.find(data()).filter(Postmaster::ready);
      Path password = home.resolve("password");
      return running.isPresent() && Files.isReadable(password)
          ? Optional.of(url(Files.readString(password).strip(), running.get()))
          : Optional.empty();
    } catch (IOException failure) {
      throw failed("look at the embedded PostgreSQL", failure);
    }
  }

  /** Empties the server's log when it has grown past 16 MiB; the server appends to it. */
  void trimLog() {
    Path log = Server.log(home);
    try {
      if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
        Files.newByteChannel(log, StandardOpenOption.WRITE).truncate(0).close();
        LOG.info("Emptied {}: it had grown past {} bytes", log, LOG_LIMIT_BYTES);
      }
    } catch (IOException failure) {
      throw failed("trim the log of the embedded PostgreSQL", failure);
    }
  }

  /** When it was last stopped by {@link #stop()}; empty when it was started since, or crashed. */
  Optional<Instant> stoppedAt() {
    try {
      return Optional.of(Files.getLastModifiedTime(stoppedFile()).toInstant());
    } catch (NoSuchFileException notStopped) {
      return Optional.empty();
    } catch (IOException failure) {
      throw failed("look at the embedded PostgreSQL", failure);
    }
  }

  Path home() {
    return home;
  }

  private Path stoppedFile() {
    return home.resolve("stopped");
  }

  private Path data() {
    return home.resolve("data");
  }

  private PostgresUrl adopt() throws IOException, InterruptedException {
    Server server = Server.in(home, settings);
    Optional<Postmaster> ready = server.awaitReady();
    if (ready.isEmpty()) {
      return launch();
    }
    LOG.info(
        "Adopted the embedded PostgreSQL that runs in {} (pid {}, port {})",
        home,
        ready.get().pid(),
        ready.get().port());
    return url(server, ready.get());
  }

  private PostgresUrl launch() throws IOException, InterruptedException {
    Server server = Server.in(home, settings);
    Postmaster started = server.start();
    LOG.info(
        "Started the embedded PostgreSQL in {} (pid {}, port {})",
        home,
        started.pid(),
        started.port());
    return url(server, started);
  }

  private static PostgresUrl url(Server server, Postmaster postmaster) throws IOException {
    return url(server.cluster().password(), postmaster);
  }

  private static PostgresUrl url(String password, Postmaster postmaster) {
    return new PostgresUrl(
        "127.0.0.1",
        postmaster.port(),
        Cluster.NAME,
        Cluster.NAME,
        new Secret(password),
        SslMode.DISABLE,
        Map.of());
  }

  private <T> T exclusively(String operation, Step<T> step) {
    try {
      Files.createDirectories(home);
      try (HomeLock held = HomeLock.take(home)) {
        LOG.trace("Holding {}", held);
        return step.run();
      }
    } catch (IOException failure) {
      throw failed(operation, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failed(operation, interrupted);
    }
  }

  private StoreUnavailable failed(String operation, Exception failure) {
    return new StoreUnavailable(
        operation,
        home,
        failure.toString(),
        "the directory must be writable and its disk not full; or set database.url",
        failure);
  }

  /** What is done while nobody else does. */
  @FunctionalInterface
  private interface Step<T> {
    T run() throws IOException, InterruptedException;
  }
}
