package io.selfheal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.message.Subject;
import io.selfheal.store.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that runs in the demo. */
final class DemoHouse {
  /** How long anything may take before the demo calls it failed. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int WAITING_JOBS = 6;

  private final int port;
  private final Narrator narrator;
  private final DemoPostgres postgres;
  private final PgDemoJobs jobs;
  private final DemoAgent agent;
  private final DemoFeed feed;
  private final Producer producer;

  private DemoHouse(Path directory, int port, Narrator narrator, Cleanup cleanup)
      throws IOException {
    this.port = port;
    this.narrator = narrator;
    this.postgres = new DemoPostgres(directory);
    cleanup.add(postgres::end);
    PostgresUrl url = postgres.start();
    narrator.sees("PostgreSQL runs on 127.0.0.1:" + url.port());
    this.jobs = new PgDemoJobs(url);
    jobs.create();
    jobs.fill(WAITING_JOBS);
    this.producer = new Producer();
    DemoAgent.Java java = DemoAgent.Java.own();
    Path config = DemoConfig.write(directory, java, port);
    Files.deleteIfExists(directory.resolve("agent.log"));
    this.agent = new DemoAgent(java, config, secrets(url), directory.resolve("agent.log"), port);
    this.feed = new DemoFeed(port);
    cleanup.add(agent::end);
    cleanup.add(feed::close);
    cleanup.add(producer::end);
  }

  /** Starts everything; what was left by a demo before is cleared first. */
  static DemoHouse open(Path directory, int port, Narrator narrator, Cleanup cleanup)
      throws IOException, InterruptedException {
    clear(directory.resolve("agent"));
    DemoHouse house = new DemoHouse(directory, port, narrator, cleanup);
    house.startAgent();
    narrator.sees("the agent runs as pid " + house.agent.pid() + " and started 3 workers");
    house.producer.start();
    return house;
  }

  Narrator narrator() {
    return narrator;
  }

  PgDemoJobs jobs() {
    return jobs;
  }

  DemoPostgres postgres() {
    return postgres;
  }

  DemoAgent agent() {
    return agent;
  }

  DemoFeed feed() {
    return feed;
  }

  int port() {
    return port;
  }

  /** Starts the agent and listens to it. */
  final void startAgent() throws IOException, InterruptedException {
    agent.start(LIMIT);
    feed.connect();
  }

  /** No more jobs are added. */
  void stopProducing() throws InterruptedException {
    producer.end();
  }

  /** While PostgreSQL is away on purpose, adding jobs may fail. */
  void producingMayFail(boolean mayFail) {
    producer.mayFail = mayFail;
  }

  /** Waits for a worker in the middle of a job that goes on for a while. */
  PgDemoJobs.Running aJobInProgress() throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      Optional<PgDemoJobs.Running> job = jobs.newestRunning();
      if (job.isPresent() && ProcessHandle.of(job.get().pid()).isPresent()) {
        return job.get();
      }
      Thread.sleep(Duration.ofMillis(50));
    }
    throw new IOException("no worker took a job within " + LIMIT);
  }

  /** What the agent calls a worker process. */
  String subject(long pid) throws IOException, InterruptedException {
    for (JsonNode worker : agent.ask("/api/v1/workers").path("workers")) {
      for (JsonNode each : worker.path("processes")) {
        if (each.path("process").path("pid").asLong() == pid) {
          return Subject.worker(each.path("instance").asText());
        }
      }
    }
    throw new IOException("the agent does not know pid " + pid);
  }

  /** The opening of a subject's incident since then. */
  Optional<JsonNode> opened(Instant since, String subject) throws InterruptedException {
    return feed.await(since, LIMIT, DemoFeed.event("incident.opened", subject));
  }

  /** The rescue of a job since then. */
  Optional<JsonNode> rescued(Instant since, long job) throws InterruptedException {
    return feed.await(since, LIMIT, DemoFeed.event("job.rescued", "job/demo/" + job));
  }

  /** When the incident of a subject was over since then: closed, or handed to a person. */
  Optional<JsonNode> closed(Instant since, String subject) throws InterruptedException {
    return feed.await(
        since,
        LIMIT,
        event ->
            (event.path("type").asText().equals("incident.closed")
                    || event.path("type").asText().equals("incident.escalated"))
                && event.path("subject").asText().equals(subject));
  }

  /** Sends a signal by name, as a person would. */
  static void signal(String name, long pid) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IOException("kill -" + name + " " + pid + " failed");
    }
  }

  private static Map<String, String> secrets(PostgresUrl url) {
    return Map.of(
        "SELFHEAL_DATABASE_URL", url.reveal(),
        "DEMO_URL", url.jdbcUrl(),
        "DEMO_USER", url.user(),
        "DEMO_PASSWORD", url.password().reveal());
  }

  private static void clear(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> below = Files.walk(directory)) {
      for (Path each : below.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Keeps jobs waiting, so that every worker has work. */
  private final class Producer implements Runnable {
    private final Thread thread = new Thread(this, "demo-producer");
    private volatile boolean ended;
    private volatile boolean mayFail;
    private @Nullable IOException reported;

    void start() {
      thread.setDaemon(true);
      thread.start();
    }

    void end() throws InterruptedException {
      ended = true;
      if (thread.isAlive()) {
        thread.join(Duration.ofSeconds(15));
      }
    }

    @Override
    public void run() {
      try {
        while (!ended) {
          fill();
          Thread.sleep(Duration.ofMillis(250));
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void fill() {
      try {
        jobs.fill(WAITING_JOBS);
        reported = null;
      } catch (IOException failure) {
        if (!mayFail && reported == null) {
          narrator.breaks("jobs cannot be added: " + failure.getMessage());
          reported = failure;
        }
      }
    }
  }
}
