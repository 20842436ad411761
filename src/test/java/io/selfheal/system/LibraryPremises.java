package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.json.Json;
import io.selfheal.library.DbSchedulerWorker;
import io.selfheal.library.JvmWorker;
import io.selfheal.library.LibrarySchemas;
import io.selfheal.library.NodeLibrary;
import io.selfheal.library.WorkPlace;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One database in which the real libraries have their tables, and one agent that watches their
 * workers and sources as a user would write it: {@code mails} of pg-boss are found by their command
 * line, {@code images} of graphile-worker are run by the agent, {@code reports} of db-scheduler are
 * found by a pid file, and those of JobRunr and Quartz are only named by their jobs. All else is
 * nobody's that the agent knows: the library's twins.
 */
final class LibraryPremises implements AutoCloseable {
  // First: where there is no Node, the tests are skipped.
  private final NodeLibrary boss = NodeLibrary.install("pg-boss", "worker.js");
  private final NodeLibrary graphile = NodeLibrary.install("graphile-worker", "worker.js");

  final PostgresUrl url = TestPostgres.freshDatabase();
  final AgentUnderTest agent;

  /** While it is there, workers of images that are started wait. */
  final Path door;

  /** What the agent tells. */
  final LibraryTold told;

  private final Path directory;
  private final Queue<Process> started = new ConcurrentLinkedQueue<>();

  /** Those of cases that run beside others. */
  private final Queue<Process> beside = new ConcurrentLinkedQueue<>();

  LibraryPremises(Path directory) throws Exception {
    this.directory = directory;
    door = directory.resolve("door");
    TestPostgres.execute(url, WorkPlace.TABLES);
    TestPostgres.execute(url, LibrarySchemas.of("db-scheduler"));
    TestPostgres.execute(url, LibrarySchemas.quartz());
    List<Process> tables =
        List.of(
            start(images("graphile_worker", "migrate")),
            start(images("twins", "migrate")),
            start(
                mails(
                    "call",
                    """
                    [["createQueue", "dead"], ["createQueue", "mails", {"deadLetter": "dead"}],
                     ["createQueue", "twins", {"deadLetter": "dead"}]]""")));
    for (Process one : tables) {
      assertEquals(0, one.waitFor(), this::log);
    }
    agent = AgentUnderTest.configured(directory, "agent", config());
    told = new LibraryTold(agent);
  }

  private String config() {
    return """
    database: { url: "%1$s" }
    workers:
      - name: mails
        match: { command: 'worker\\.js pg-boss \\S+/%5$s\\b\\S* \\w+ mails' }
        frozen_after: 1s
      - name: images
        run:
          command: %2$s
          instances: 2
          environment: { DOOR: "%3$s" }
        frozen_after: 1s
      - name: reports
        match: { pid_file: "%4$s" }
        frozen_after: 1s
    sources:
      - name: boss
        preset: pg-boss
        queues: [mails]
        holder: { worker: mails, only: true }
        stuck_after: 1s
      - name: graphile
        preset: graphile-worker
        holder: { worker: images, only: true }
        stuck_after: 1s
      - name: scheduler
        preset: db-scheduler
        skip_tasks: [twin]
        holder: { worker: reports, format: "{host}:{pid}" }
        stuck_after: 1s
      - name: jobrunr
        preset: jobrunr
        holder: { format: "{host}:{pid}" }
      - name: quartz
        preset: quartz
        holder: { format: "{host}:{pid}" }
    """
        .formatted(
            url.reveal(),
            Json.text(images("graphile_worker", "hold")),
            door,
            reportsPid(),
            url.database());
  }

  /** A process of pg-boss. */
  List<String> mails(String mode, String subject) {
    return boss.command("worker.js", "pg-boss", url.reveal(), mode, subject);
  }

  /** A process of graphile-worker. */
  List<String> images(String schema, String mode) {
    return graphile.command("worker.js", url.reveal(), schema, mode);
  }

  /** A process of db-scheduler, which looks for tasks each {@code every} milliseconds. */
  List<String> scheduler(String mode, String every, String heartbeat, String... tasks) {
    List<String> arguments = new ArrayList<>(List.of(mode, every, heartbeat));
    arguments.addAll(List.of(tasks));
    return JvmWorker.command(DbSchedulerWorker.class, arguments.toArray(String[]::new));
  }

  private Path reportsPid() {
    return directory.resolve("reports.pid");
  }

  /** A daemon that writes its pid file itself. */
  Process daemon(List<String> command) throws IOException {
    List<String> shell = new ArrayList<>();
    String write = "echo $$ > \"$0.new\" && mv \"$0.new\" \"$0\" && exec \"$@\"";
    shell.addAll(List.of("sh", "-c", write, reportsPid().toString()));
    shell.addAll(command);
    return start(shell);
  }

  /** In a session of its own, as whoever starts services does. */
  Process start(List<String> command) throws IOException {
    Process process = begun(command);
    started.add(process);
    return process;
  }

  /** The same, and {@link #endWorkers} does not end it. */
  Process startBeside(List<String> command) throws IOException {
    Process process = begun(command);
    beside.add(process);
    return process;
  }

  private Process begun(List<String> command) throws IOException {
    List<String> own = new ArrayList<>(List.of("setsid"));
    own.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(own);
    builder.environment().putAll(JvmWorker.environment(url));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
        .start();
  }

  /** Calls methods of pg-boss: {@code [[METHOD, ARGUMENT…]]}. */
  void call(String calls) throws Exception {
    assertEquals(0, start(mails("call", calls)).waitFor(), this::log);
  }

  /** SIGKILL; it is waited for only where it is this process's child. */
  static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  static void freeze(long pid) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor());
  }

  void execute(String sql) {
    TestPostgres.execute(url, sql);
  }

  List<String> texts(String sql) throws SQLException {
    return JobTable.query(url, sql);
  }

  String text(String sql) throws SQLException {
    return texts(sql).getFirst();
  }

  /** Waits until a query gives these texts, or says what it gives. */
  void await(String what, String sql, String... texts) throws InterruptedException {
    await(what, Await.LIMIT, sql, texts);
  }

  /** The same for longer. */
  void await(String what, Duration limit, String sql, String... texts) throws InterruptedException {
    agent.await(
        what,
        limit,
        () -> {
          List<String> found = texts(sql);
          if (!found.equals(List.of(texts))) {
            throw new IOException(sql + " gives " + found + "\n" + shown());
          }
          return true;
        });
  }

  /** Waits until an attempt at a job has begun; gives the process that works on it. */
  long awaitBegun(String name, int attempt) throws Exception {
    String sql =
        "SELECT pid FROM begun WHERE name = '%s' AND attempt = %d".formatted(name, attempt);
    agent.await(name + " begins", () -> texts(sql).size() == 1);
    return Long.parseLong(text(sql));
  }

  /** Lets a job that is held go on to its end. */
  void go(String name) {
    execute("INSERT INTO go VALUES ('" + name + "')");
  }

  private Path logFile() {
    return directory.resolve("libraries.log");
  }

  /** What the workers and the agent said. */
  String log() {
    try {
      return Files.readString(logFile()) + "\n" + agent.log();
    } catch (IOException none) {
      return "no log: " + none;
    }
  }

  /** What the agent shows of the jobs and of what it did. */
  private String shown() throws Exception {
    return agent.stuck() + "\n" + agent.incidents() + "\n" + log();
  }

  /** Ends what was started here, as an operator does. */
  void endWorkers() throws InterruptedException {
    for (Process one : started) {
      one.destroy();
    }
    for (Process one : started) {
      one.waitFor();
    }
    started.clear();
  }

  @Override
  public void close() {
    agent.close();
    started.addAll(beside);
    started.forEach(Process::destroyForcibly);
    started.forEach(one -> one.onExit().join());
  }
}
