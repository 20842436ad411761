package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  private final Path directory;

  EmbeddedPostgresTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void stop() {
    if (Files.isDirectory(directory.resolve("postgres"))) {
      TestPostgres.ownServer(directory).stop();
    }
  }

  @Test
  void keepsDataPortAndPasswordOverARestart() throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.in(directory);
    PostgresUrl first = postgres.start();
    TestPostgres.execute(first, "CREATE TABLE kept AS SELECT 42 AS answer");
    assertEquals("on", value(first, "SHOW fsync"));
    assertEquals("on", value(first, "SHOW full_page_writes"));
    assertEquals("on", value(first, "SHOW synchronous_commit"));
    assertEquals("127.0.0.1", value(first, "SHOW listen_addresses"));

    postgres.stop();
    assertFalse(postgres.running());
    assertTrue(postgres.stoppedAt().isPresent());
    PostgresUrl second = postgres.start();

    assertEquals(first, second);
    assertEquals("42", value(second, "SELECT answer FROM kept"));
    Path password = directory.resolve("postgres/password");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(password)));
    assertTrue(postgres.running());
    assertTrue(postgres.stoppedAt().isEmpty());
  }

  @Test
  void letsNobodyInWithoutThePassword() {
    PostgresUrl url = TestPostgres.ownServer(directory).start();
    PostgresUrl stranger =
        new PostgresUrl(
            url.host(),
            url.port(),
            url.database(),
            url.user(),
            new io.selfheal.config.Secret("guess"),
            url.sslMode(),
            url.options());

    SQLException refused =
        assertThrows(SQLException.class, () -> TestPostgres.connect(stranger).close());
    assertEquals("28P01", refused.getSQLState());
  }

  @Test
  void isAdoptedAfterItsStarterWasKilled() throws Exception {
    Process starter =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerStarter.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    PostgresUrl url = PostgresUrl.parse(urlLine(starter.inputReader()));
    TestPostgres.execute(url, "CREATE TABLE kept AS SELECT 42 AS answer");
    long pid = pid();

    starter.destroyForcibly();
    assertTrue(starter.waitFor(60, TimeUnit.SECONDS));
    PostgresUrl adopted = TestPostgres.ownServer(directory).start();

    assertEquals(url.reveal(), adopted.reveal());
    assertEquals(pid, pid());
    assertEquals("42", value(adopted, "SELECT answer FROM kept"));
  }

  @Test
  void recoversAfterItWasKilledItself() throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.in(directory);
    PostgresUrl url = postgres.start();
    TestPostgres.execute(url, "CREATE TABLE kept AS SELECT 42 AS answer");

    assertTrue(ProcessHandle.of(pid()).orElseThrow().destroyForcibly());
    PostgresUrl again = postgres.start();

    assertEquals("42", value(again, "SELECT answer FROM kept"));
  }

  @Test
  void startsThoughAStrangerHasThePidThatACrashLeftBehind() throws Exception {
    EmbeddedPostgres postgres = TestPostgres.ownServer(directory);
    postgres.start();
    Path file = directory.resolve("postgres/data/postmaster.pid");
    List<String> lines = new java.util.ArrayList<>(Files.readAllLines(file));
    postgres.stop();
    lines.set(0, Long.toString(ProcessHandle.current().pid()));
    Files.write(file, lines);

    assertFalse(postgres.running());
    postgres.start();

    assertNotEquals(ProcessHandle.current().pid(), pid());
  }

  @Test
  void takesAnotherPortWhenItsOwnIsTaken() throws Exception {
    EmbeddedPostgres postgres = TestPostgres.ownServer(directory);
    PostgresUrl first = postgres.start();
    postgres.stop();
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (ServerSocket stranger = new ServerSocket(first.port(), 1, loopback)) {
      PostgresUrl second = postgres.start();

      assertNotEquals(stranger.getLocalPort(), second.port());
      assertEquals("1", value(second, "SELECT 1"));
    }
  }

  @Test
  void agentsThatStartItTogetherShareIt() throws Exception {
    try (ExecutorService agents = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PostgresUrl>> starts =
          java.util.stream.Stream.generate(
                  () -> agents.submit(() -> TestPostgres.ownServer(directory).start()))
              .limit(3)
              .toList();

      PostgresUrl url = starts.getFirst().get();
      for (Future<PostgresUrl> start : starts) {
        assertEquals(url, start.get());
      }
    }
  }

  @Test
  void throwsAwayWhatAnInterruptedPreparationLeft() throws Exception {
    Files.createDirectories(directory.resolve("postgres/data.new/base"));

    PostgresUrl url = TestPostgres.ownServer(directory).start();

    assertEquals("1", value(url, "SELECT 1"));
  }

  @Test
  void saysWhyADirectoryCannotBeUsed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");

    StoreUnavailable failure =
        assertThrows(StoreUnavailable.class, () -> TestPostgres.ownServer(file).start());

    assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
    assertTrue(failure.getMessage().contains("database.url"), failure.getMessage());
  }

  @Test
  void saysWhatTheServerLoggedWhenItCannotStart() throws IOException {
    EmbeddedPostgres postgres = TestPostgres.ownServer(directory);
    postgres.start();
    postgres.stop();
    Path settings = directory.resolve("postgres/data/postgresql.conf");
    Files.writeString(settings, "no_such_setting = 1\n", java.nio.file.StandardOpenOption.APPEND);

    StoreUnavailable failure = assertThrows(StoreUnavailable.class, postgres::start);

    assertTrue(failure.getMessage().contains("no_such_setting"), failure.getMessage());
  }

  @Test
  void refusesDataOfAnotherVersion() throws IOException {
    EmbeddedPostgres postgres = TestPostgres.ownServer(directory);
    postgres.start();
    postgres.stop();
    Files.writeString(directory.resolve("postgres/data/PG_VERSION"), "9\n");

    StoreUnavailable failure = assertThrows(StoreUnavailable.class, postgres::start);

    assertTrue(failure.getMessage().contains("version 9"), failure.getMessage());
  }

  private long pid() throws IOException {
    return Postmaster.find(directory.resolve("postgres/data")).orElseThrow().pid();
  }

  private static String urlLine(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("url ")) {
        return line.substring("url ".length());
      }
    }
    throw new AssertionError("the starter ended without a URL");
  }

  private static String value(PostgresUrl url, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
