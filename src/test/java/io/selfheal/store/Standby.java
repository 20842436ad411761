package io.selfheal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real server that follows another, made from a backup of it. */
final class Standby implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Path home;
  private final Path data;
  private final Cluster cluster;
  private final PostgresUrl url;

  private Standby(Path home, Cluster cluster, PostgresUrl url) {
    this.home = home;
    this.data = cluster.data();
    this.cluster = cluster;
    this.url = url;
  }

  /**
   * Makes one, and starts it.
   *
   * @param directory where the server that it follows has its own, which is left as it is
   * @param primary where that one listens
   * @param home for the new one
   */
  static Standby of(Path directory, PostgresUrl primary, Path home)
      throws IOException, SQLException, InterruptedException {
    Files.createDirectories(home);
    ServerSettings settings = TestPostgres.fast();
    Cluster cluster =
        new Cluster(
            home, Binaries.in(settings.programs().orElseThrow()), ServerUser.find(home), settings);
    int port = Ports.choose(new java.security.SecureRandom());
    backup(directory.resolve("postgres").resolve("data"), primary, cluster.data());
    follow(cluster.data(), primary);
    cluster.user().own(cluster.data());
    cluster.configure(port);
    Standby standby =
        new Standby(
            home,
            cluster,
            new PostgresUrl(
                "127.0.0.1",
                port,
                primary.database(),
                primary.user(),
                primary.password(),
                primary.sslMode(),
                Map.of()));
    standby.control("start", "--log=" + home.resolve("log"));
    return standby;
  }

  /** A backup while the server runs: PostgreSQL's manual, 25.3.3. */
  private static void backup(Path from, PostgresUrl primary, Path to)
      throws IOException, SQLException {
    try (Connection connection = TestPostgres.connect(primary);
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('standby', fast => true)");
      copy(from, to);
      try (ResultSet stop = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
        stop.next();
        Files.writeString(to.resolve("backup_label"), stop.getString(1));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Path relative = from.relativize(path);
        boolean own =
            relative.startsWith("postmaster.pid") || relative.startsWith("postmaster.opts");
        boolean log = relative.startsWith("pg_wal") && Files.isRegularFile(path);
        if (!own && !log) {
          Files.copy(path, to.resolve(relative), StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static void follow(Path data, PostgresUrl primary) throws IOException {
    Files.writeString(
        data.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=%s password=%s'%n"
            .formatted(primary.port(), primary.user(), primary.password().reveal()),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    Files.createFile(data.resolve("standby.signal"));
  }

  PostgresUrl url() {
    return url;
  }

  private void control(String... words) throws IOException, InterruptedException {
    List<String> argv = new java.util.ArrayList<>();
    argv.add(cluster.programs().resolve("bin/pg_ctl").toString());
    argv.addAll(List.of(words));
    argv.addAll(List.of("--pgdata=" + data, "--wait", "--timeout=" + LIMIT.toSeconds()));
    Command.Result result =
        Command.run(
            cluster.user().command(argv),
            home,
            Path.of("/dev/null"),
            home.resolve("command.log"),
            LIMIT);
    if (!result.succeeded()) {
      throw new IllegalStateException(
          result.explained() + ": " + Command.tail(home.resolve("log")));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      control("stop", "--mode=fast");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("the standby may still run", interrupted);
    }
  }
}
