package io.selfheal.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Starts and stops the server of a prepared directory with {@code pg_ctl}. */
record Server(Path home, Cluster cluster) {
  private static final String START = "start the embedded PostgreSQL";
  private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(2);
  private static final Duration CLEAN_STOP_LIMIT = Duration.ofSeconds(8);
  private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(10);
  private static final Duration MARGIN = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int PORT_ATTEMPTS = 3;

  /** Unpacks the programs when needed, and finds the user to run as. */
  static Server in(Path home, ServerSettings settings) throws IOException, InterruptedException {
    Path programs = Binaries.in(settings.programs().orElse(home));
    return new Server(home, new Cluster(home, programs, ServerUser.find(home), settings));
  }

  static Path log(Path home) {
    return home.resolve("postgres.log");
  }

  /** Prepares what is missing, starts, and waits until it takes connections. */
  Postmaster start() throws IOException, InterruptedException {
    cluster.user().own(home);
    cluster.prepare();
    clearTraces();
    Binaries.removeOthers(home, cluster.programs());
    Command.Result result = new Command.Result(0, "");
    for (int i = 0; i < PORT_ATTEMPTS; i++) {
      int port = port();
      cluster.configure(port);
      result = startOn();
      if (result.succeeded()) {
        return awaitReady().orElseThrow(() -> failed("it ended right after its start"));
      }
      if (Ports.free(port)) {
        break;
      }
    }
    throw failed("pg_ctl " + result.explained());
  }

  /**
   * After a crash. The server's own check of a left {@code postmaster.pid} is kept, for it finds
   * processes that still use the shared memory; only when a stranger has that pid now, with which
   * the server would refuse to start for ever, the file goes, and then nobody may be left.
   */
  private void clearTraces() throws IOException, InterruptedException {
    for (long i = 0; i < ORPHAN_LIMIT.dividedBy(PAUSE); i++) {
      if (Postmaster.processes(cluster.data()).isEmpty()) {
        break;
      }
      Thread.sleep(PAUSE);
    }
    List<Long> orphans = Postmaster.processes(cluster.data());
    if (!orphans.isEmpty()) {
      throw failed("processes of its former run have not ended: " + orphans);
    }
    Optional<Postmaster> told = Postmaster.read(cluster.data());
    if (told.isPresent() && ProcessHandle.of(told.get().pid()).isPresent()) {
      Files.delete(Postmaster.file(cluster.data()));
    }
  }

  /** Waits for the server that runs to take connections; empty when it ended instead. */
  Optional<Postmaster> awaitReady() throws IOException, InterruptedException {
    for (long i = 0; i < RECOVERY_LIMIT.dividedBy(PAUSE); i++) {
      Optional<Postmaster> running = Postmaster.find(cluster.data());
      if (running.isEmpty() || running.get().ready()) {
        return running;
      }
      Thread.sleep(PAUSE);
    }
    throw failed("it has not become ready in " + RECOVERY_LIMIT);
  }

  /** Ends sessions, writes all to disk, and ends; without the writing when that takes too long. */
  void stop() throws IOException, InterruptedException {
    Command.Result clean = pgCtl(CLEAN_STOP_LIMIT, "stop", "--mode=fast");
    if (clean.succeeded() || Postmaster.find(cluster.data()).isEmpty()) {
      return;
    }
    Command.Result immediate = pgCtl(CLEAN_STOP_LIMIT, "stop", "--mode=immediate");
    if (!immediate.succeeded() && Postmaster.find(cluster.data()).isPresent()) {
      throw new StoreUnavailable(
          "stop the embedded PostgreSQL",
          cluster.data(),
          "pg_ctl " + immediate.explained(),
          "look at " + log(home) + "; its process id is in postmaster.pid");
    }
  }

  private Command.Result startOn() throws IOException, InterruptedException {
    return pgCtl(RECOVERY_LIMIT, "start", "--log=" + log(home));
  }

  private Command.Result pgCtl(Duration limit, String... words)
      throws IOException, InterruptedException {
    List<String> argv = new java.util.ArrayList<>();
    argv.add(cluster.programs().resolve("bin/pg_ctl").toString());
    argv.addAll(List.of(words));
    argv.addAll(List.of("--pgdata=" + cluster.data(), "--wait", "--timeout=" + limit.toSeconds()));
    return Command.run(
        cluster.user().command(argv),
        home,
        Path.of("/dev/null"),
        home.resolve("command.log"),
        limit.plus(MARGIN));
  }

  /** The port of last time, or another when a stranger took it. */
  private int port() throws IOException {
    Path file = home.resolve("port");
    Optional<Integer> kept = keptPort(file);
    if (kept.isPresent() && Ports.free(kept.get())) {
      return kept.get();
    }
    int port = Ports.choose(new SecureRandom());
    Path fresh = home.resolve("port.new");
    Files.writeString(fresh, port + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    return port;
  }

  private static Optional<Integer> keptPort(Path file) throws IOException {
    try {
      return Optional.of(Integer.parseInt(Files.readString(file, StandardCharsets.UTF_8).strip()));
    } catch (NoSuchFileException firstStart) {
      return Optional.empty();
    } catch (NumberFormatException damaged) {
      return Optional.empty();
    }
  }

  private StoreUnavailable failed(String why) {
    String told = Command.tail(log(home));
    return new StoreUnavailable(
        START,
        home,
        why + (told.isEmpty() ? "" : ". Its log ends: " + told),
        "mend what the log names, or set database.url to another PostgreSQL");
  }
}
