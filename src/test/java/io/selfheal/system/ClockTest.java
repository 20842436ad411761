package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.Reading;
import io.selfheal.job.JobSweeper;
import io.selfheal.job.JobsConfig;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import io.selfheal.store.Database;
import io.selfheal.store.Databases;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.StoreConfig;
import io.selfheal.store.TestPostgres;
import io.selfheal.worker.Shared;
import io.selfheal.worker.WorkerWatch;
import io.selfheal.worker.WorkersConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of the host is off by an hour and more; that of the database is right. */
@Timeout(120)
class ClockTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {-61, -1, 0, 1, 61})
  void agesAreOfTheDatabaseAndHoldersOfTheKernel(long minutesOff) throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    JobTable jobs = JobTable.create(url);
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Process lives = new ProcessBuilder("sleep", "600").start();
    Vertx vertx = Vertx.vertx();
    try {
      String host = AgentUnderTest.host();
      long start = startTicks(lives.pid());
      long dead = hold(url, "1 second", host + ":" + gone.pid() + ":1");
      long alive = hold(url, "2 hours", host + ":" + lives.pid() + ":" + start);
      long reborn = hold(url, "1 second", host + ":" + lives.pid() + ":" + (start - 1));
      long young = hold(url, "59 minutes", "nobody");
      long old = hold(url, "61 minutes", "nobody");
      InstantSource wall =
          InstantSource.offset(InstantSource.system(), Duration.ofMinutes(minutesOff));
      Bus bus = deploy(vertx, url, new Time(wall, System::nanoTime));
      Swept would = await(bus.ask(JobRequests.SWEEP, new Sweep(null, null, true, null), LIMIT));
      assertEquals(List.of(dead, alive, reborn, old), ids(would.jobs()), would::toString);
      Swept swept = await(bus.ask(JobRequests.SWEEP, new Sweep(null, null, false, null), LIMIT));
      assertEquals(3, swept.rescued(), swept::toString);
      assertEquals(Effect.LEAVE, swept.jobs().get(1).effect());
      assertEquals("running", jobs.state(alive));
      assertEquals("running", jobs.state(young));
      String evidence = swept.jobs().get(2).verdict().evidence().getFirst();
      assertTrue(evidence.contains("is another process now"), evidence);
    } finally {
      await(vertx.close());
      lives.destroyForcibly().waitFor();
    }
  }

  private static long hold(PostgresUrl url, String ago, String holder) throws SQLException {
    String insert =
        "INSERT INTO jobs (state, started_at, holder) VALUES ('running', now() - interval '%s', '%s')";
    TestPostgres.execute(url, insert.formatted(ago, holder));
    return Long.parseLong(JobTable.query(url, "SELECT max(id) FROM jobs").getFirst());
  }

  /** Field 22 of /proc/PID/stat; the second one may hold spaces, and ends with the last bracket. */
  private static long startTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
  }

  private Bus deploy(Vertx vertx, PostgresUrl url, Time time) throws Exception {
    String text = JobTable.source("").replace("{host}:{pid}", "{host}:{pid}:{start_ticks}");
    Reading reading = new Reading("agent.yaml", text.replace("200ms", "1h"), Map.of());
    JobsConfig config = JobsConfig.from(reading.root(), "here");
    reading.finish();
    Bus bus = new Bus(vertx);
    Database database = new Databases(vertx, StoreConfig.with(url), bus, time).open("jobs", url);
    Path home = Files.createDirectory(directory.resolve("home"));
    WorkersConfig none = new WorkersConfig(List.of());
    await(vertx.deployVerticle(new WorkerWatch(none, home, new Shared("alone", null), bus, time)));
    await(
        vertx.deployVerticle(
            new JobSweeper(config, source -> database, database, bus, time),
            JobSweeper.deployment()));
    return bus;
  }

  private static List<Long> ids(List<StuckJob> jobs) {
    return jobs.stream().map(job -> Long.valueOf(job.jobId())).toList();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError(late);
    }
  }
}
