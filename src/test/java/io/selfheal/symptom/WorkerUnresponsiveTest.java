package io.selfheal.symptom;

import static io.selfheal.message.Presence.ABSENT;
import static io.selfheal.message.Presence.BETWEEN;
import static io.selfheal.message.Presence.PRESENT;
import static io.selfheal.message.Presence.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.selfheal.message.Owner;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.message.WorkerRequests.Workers;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real HTTP server that is well, slow or broken; real commands; a list of workers by hand. */
@Timeout(120)
class WorkerUnresponsiveTest {
  private static final String ONE = "worker/images.1";
  private static final Duration EVERY = Duration.ofSeconds(10);

  private enum Mood {
    WELL,
    BROKEN,
    HANGING,
    DRIPPING
  }

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Instance> processes = new ArrayList<>();
  private volatile Mood mood = Mood.WELL;
  private HttpServer server;
  private String http;

  @BeforeEach
  void open() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    http = "http: http://127.0.0.1:" + server.getAddress().getPort() + "/health, limit: 200ms";
    processes.add(instance("images.1", 4711, Liveness.RUNNING));
    // What a JVM does once, at its first question, does not count into the limit of an answer.
    try (HttpProbe first =
        new HttpProbe(
            "http://127.0.0.1:" + server.getAddress().getPort() + "/", Duration.ofMinutes(1))) {
      first.ask(new ProbeTarget("images.1", 4711));
    }
  }

  @AfterEach
  void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (mood) {
        case WELL -> exchange.sendResponseHeaders(204, -1);
        case BROKEN -> exchange.sendResponseHeaders(503, -1);
        case HANGING -> end.await();
        case DRIPPING -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('.');
          exchange.getResponseBody().flush();
          end.await();
        }
      }
    } catch (InterruptedException over) {
      // The test is over.
    }
  }

  private static Instance instance(String name, long pid, Liveness liveness) {
    return instance(name, pid, liveness, null, List.of(), null);
  }

  private static Instance instance(
      String name,
      long pid,
      Liveness liveness,
      @Nullable Duration beat,
      List<String> jobs,
      @Nullable String progress) {
    ProcessIdentity process = pid == 0 ? null : new ProcessIdentity("boot", pid, pid);
    return new Instance(
        name, process, liveness, "run", Instant.EPOCH, beat, jobs, progress, 0, null);
  }

  private void replace(Instance... now) {
    processes.clear();
    processes.addAll(List.of(now));
  }

  private RuleRun run(String... lines) {
    RuleRun run = new RuleRun(new WorkerUnresponsive(), lines);
    run.bus.answer(
        WorkerRequests.LIST,
        query ->
            Future.succeededFuture(
                new Workers(
                    List.of(
                        new Worker(
                            "images", "run", Owner.AGENT, 1, List.copyOf(processes), null)))));
    return run;
  }

  private RuleRun probing(String... more) {
    return run("where: {worker: images, " + http + String.join("", more) + "}");
  }

  private static List<Presence> looks(RuleRun run, int times) throws Exception {
    List<Presence> presences = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      presences.add(run.pass(EVERY).look().presence(ONE));
    }
    return presences;
  }

  @ParameterizedTest
  @ValueSource(strings = {"BROKEN", "HANGING", "DRIPPING"})
  void threeProbesInARowThatFailAreASymptom(String how) throws Exception {
    try (RuleRun run = probing()) {
      assertEquals(List.of(ABSENT), looks(run, 1));
      mood = Mood.valueOf(how);
      assertEquals(List.of(BETWEEN, BETWEEN, PRESENT), looks(run, 3));
      assertTrue(
          run.standing(ONE).evidence().endsWith("3 times in a row"), run.standing(ONE).evidence());
      assertEquals(3.0, run.standing(ONE).values().get("failed_probes"));
      mood = Mood.WELL;
      assertEquals(List.of(ABSENT), looks(run, 1));
    }
  }

  /** The world stands still for two probes. */
  @Test
  void aGarbageCollectorsPauseIsNone() throws Exception {
    try (RuleRun run = probing()) {
      for (int i = 0; i < 3; i++) {
        assertEquals(List.of(ABSENT), looks(run, 1));
        mood = Mood.HANGING;
        assertEquals(List.of(BETWEEN, BETWEEN), looks(run, 2));
        mood = Mood.WELL;
      }
      assertEquals(List.of(), run.news);
    }
  }

  @Test
  void aSlowStartIsNoneButOneThatNeverEndsIs() throws Exception {
    server.stop(0);
    try (RuleRun run = probing(", starting: 1m")) {
      assertEquals(List.of(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), looks(run, 5));
      assertTrue(run.standing(ONE).evidence().contains("may still be starting"));
      looks(run, 1);
      assertEquals(List.of(PRESENT), looks(run, 1));
      // Another process begins anew.
      replace(instance("images.1", 4712, Liveness.RUNNING));
      assertEquals(List.of(UNKNOWN), looks(run, 1));
    }
  }

  @Test
  void whileTheHostStarvesNothingIsJudgedAndNothingCounts() throws Exception {
    try (RuleRun run = probing()) {
      looks(run, 1);
      mood = Mood.HANGING;
      assertEquals(List.of(BETWEEN, BETWEEN), looks(run, 2));
      run.starved("some tasks waited for cpu 80 % of the last ten seconds");
      assertEquals(List.of(UNKNOWN, UNKNOWN, UNKNOWN), looks(run, 3));
      assertTrue(run.standing(ONE).evidence().contains("waited for cpu"));
      run.starved(null);
      assertEquals(List.of(BETWEEN, BETWEEN, PRESENT), looks(run, 3));
    }
  }

  @Test
  void aPlannedRestartIsNone() throws Exception {
    try (RuleRun run = probing()) {
      looks(run, 1);
      mood = Mood.BROKEN;
      assertEquals(List.of(BETWEEN, BETWEEN), looks(run, 2));
      replace(instance("images.1", 0, Liveness.STOPPED));
      assertEquals(List.of(UNKNOWN), looks(run, 1));
      replace(instance("images.1", 4712, Liveness.RUNNING));
      assertEquals(List.of(UNKNOWN, UNKNOWN, UNKNOWN), looks(run, 3));
      mood = Mood.WELL;
      assertEquals(List.of(ABSENT), looks(run, 1));
      assertEquals(List.of(), run.news);
    }
  }

  @Test
  void aFoundProcessIsWellAgainInItsFollower() throws Exception {
    replace(instance("images@4711", 4711, Liveness.RUNNING));
    try (RuleRun run = probing(", starting: 0s")) {
      mood = Mood.BROKEN;
      looks(run, 3);
      assertEquals(PRESENT, run.presence("worker/images@4711"));
      replace(instance("images@4711", 0, Liveness.LOST));
      looks(run, 1);
      assertEquals(UNKNOWN, run.presence("worker/images@4711"));
      replace(instance("images@4800", 4800, Liveness.RUNNING));
      looks(run, 1);
      assertEquals(ABSENT, run.presence("worker/images@4711"));
      assertEquals(BETWEEN, run.presence("worker/images@4800"));
      assertFalse(run.seen("worker/images@4711"));
    }
  }

  @Test
  void aStoppedProcessIsAnotherSymptom() throws Exception {
    replace(instance("images.1", 4711, Liveness.FROZEN));
    mood = Mood.HANGING;
    try (RuleRun run = probing(", starting: 0s")) {
      assertEquals(List.of(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), looks(run, 4));
    }
  }

  @Test
  void oneAddressOfTwoProcessesSaysNothingOfEither() throws Exception {
    processes.add(instance("images.2", 4712, Liveness.RUNNING));
    mood = Mood.BROKEN;
    try (RuleRun run = probing(", starting: 0s")) {
      assertEquals(List.of(UNKNOWN, UNKNOWN, UNKNOWN), looks(run, 3));
      assertTrue(run.standing(ONE).evidence().contains("{number}"), run.standing(ONE).evidence());
    }
  }

  @Test
  void aCommandIsAskedForEachProcess(@TempDir Path directory) throws Exception {
    processes.add(instance("images.2", 4712, Liveness.RUNNING));
    Files.createFile(directory.resolve("images.2-4712-2"));
    String command = "test ! -e " + directory + "/{instance}-{pid}-{number} || exit 7";
    try (RuleRun run =
        run("where: {worker: images, starting: 0s, command: [sh, -c, \"" + command + "\"]}")) {
      assertEquals(List.of(ABSENT, ABSENT, ABSENT), looks(run, 3));
      assertEquals(PRESENT, run.presence("worker/images.2"));
      assertTrue(
          run.standing("worker/images.2").evidence().contains("sh ended with status 7"),
          run.standing("worker/images.2").evidence());
    }
  }

  @Test
  void aCommandThatDoesNotEndIsEndedWithAllThatItStarted(@TempDir Path directory) throws Exception {
    Path pid = directory.resolve("pid");
    String command = "sleep 600 & echo $! > " + pid + "; wait";
    try (RuleRun run =
        run(
            "where: {worker: images, starting: 0s, limit: 1s, command: [sh, -c, \""
                + command
                + "\"]}")) {
      assertEquals(List.of(BETWEEN), looks(run, 1));
      assertTrue(run.standing(ONE).evidence().contains("did not end within 1.0 s"));
      long started = Long.parseLong(Files.readString(pid).strip());
      ProcessHandle.of(started).ifPresent(left -> left.onExit().join());
    }
  }

  @Test
  void aProbeThatCannotBeMadeSaysNothingOfTheWorker() throws Exception {
    for (String probe :
        List.of("command: [/no/such/program]", "http: \"http://no.such.invalid/\"")) {
      try (RuleRun run = run("where: {worker: images, starting: 0s, " + probe + "}")) {
        assertEquals(List.of(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), looks(run, 4), probe);
      }
    }
  }

  private void says(Duration beat, List<String> jobs, @Nullable String progress) {
    replace(instance("images.1", 4711, Liveness.RUNNING, beat, jobs, progress));
  }

  @Test
  void jobsWithoutProgressAreASymptom() throws Exception {
    try (RuleRun run = run("where: {worker: images}", "enter: {no_progress: 1m}")) {
      says(Duration.ZERO, List.of("7"), "frame 30 of 900");
      assertEquals(List.of(ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, PRESENT), looks(run, 7));
      assertTrue(
          run.standing(ONE).evidence().contains("\"frame 30 of 900\" of its progress for 60 s"),
          run.standing(ONE).evidence());
      says(Duration.ZERO, List.of("7"), "frame 31 of 900");
      assertEquals(List.of(ABSENT), looks(run, 1));
    }
  }

  @Test
  void oneThatIsBusyButMovesOrHasNothingToDoIsNone() throws Exception {
    try (RuleRun run = run("where: {worker: images}", "enter: {no_progress: 1m}")) {
      for (int i = 0; i < 30; i++) {
        says(Duration.ZERO, List.of("7"), "frame " + i / 3);
        assertEquals(List.of(ABSENT), looks(run, 1));
      }
      for (int i = 0; i < 30; i++) {
        says(Duration.ZERO, List.of("job " + i / 3), "working");
        assertEquals(List.of(ABSENT), looks(run, 1));
      }
      says(Duration.ZERO, List.of(), "waiting");
      assertEquals(List.of(ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT), looks(run, 7));
      says(Duration.ZERO, List.of("7"), null);
      assertEquals(List.of(UNKNOWN, UNKNOWN, UNKNOWN), looks(run, 3));
    }
  }

  @Test
  void starvationStopsTheClockOfProgress() throws Exception {
    try (RuleRun run = run("where: {worker: images}", "enter: {no_progress: 1m}")) {
      says(Duration.ZERO, List.of("7"), "frame 30");
      looks(run, 5);
      run.starved("the agent's own tick came 2000 ms late");
      looks(run, 5);
      run.starved(null);
      assertEquals(List.of(ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, PRESENT), looks(run, 6));
    }
  }

  @Test
  void aLateHeartbeatIsASymptom() throws Exception {
    try (RuleRun run = run("where: {worker: images}")) {
      says(Duration.ofSeconds(5), List.of(), null);
      assertEquals(List.of(ABSENT), looks(run, 1));
      replace(instance("images.1", 4711, Liveness.SILENT, Duration.ofSeconds(41), List.of(), null));
      assertEquals(List.of(PRESENT), looks(run, 1));
      assertEquals(
          "pid 4711: its heartbeat is late: its last was 41 s ago", run.standing(ONE).evidence());
    }
  }

  @Test
  void aWorkerOfWhichNothingIsAskedIsUnknown() throws Exception {
    try (RuleRun run = run("where: {worker: images}")) {
      assertEquals(List.of(UNKNOWN), looks(run, 1));
    }
    try (RuleRun run = run("where: {worker: mails}")) {
      run.look();
      assertEquals("no worker is named mails", run.standing("worker/mails").evidence());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "where: {}",
        "where: {worker: images, http: ftp://127.0.0.1/}",
        "where: {worker: images, http: 'http://'}",
        "where: {worker: images, http: 'http://a b/'}",
        "where: {worker: images, limit: 0s}",
        "where: {worker: images, every: 10ms}",
        "where: {worker: images}\n    enter: {failures: 0}",
        "where: {worker: images}\n    leave: {failures: 1}"
      })
  void whatIsWrongIsSaid(String lines) {
    assertThrows(
        IllegalArgumentException.class, () -> RuleRun.rule(new WorkerUnresponsive(), lines), lines);
  }
}
