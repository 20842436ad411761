package io.selfheal.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: everything at once, broken one way after another. */
@Command(
    name = "demo",
    description = "Starts PostgreSQL, workers and the agent, breaks them, and shows the healing.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  private final Path directory;
  private final boolean colour;

  @Option(
      names = "--once",
      description = "Leave at the end: 0 only if all was healed and every job completed once.")
  private boolean once;

  @Option(names = "--port", paramLabel = "PORT", description = "Of the page; default: 7717.")
  private int port = 7717;

  @Spec private @Nullable CommandSpec spec;

  /** With a directory for everything that the demo writes. */
  public DemoCommand(Path directory, boolean colour) {
    this.directory = directory;
    this.colour = colour;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Narrator narrator = new Narrator(out, colour);
    if (port < 1 || port > 65535) {
      throw new ParameterException(
          spec.commandLine(), "--port " + port + " is no port: name one of 1 to 65535");
    }
    CountDownLatch ended = new CountDownLatch(1);
    try (Cleanup cleanup = new Cleanup()) {
      // On Ctrl-C the JVM runs its hooks at once, at whatever point the demo is.
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> closeOnSignal(cleanup, ended), "demo-closing"));
      try {
        return play(narrator, cleanup, ended);
      } catch (IOException | RuntimeException failure) {
        if (cleanup.closed()) {
          // What fails while everything is being ended is no news.
          return INTERRUPTED;
        }
        throw failure;
      }
    }
  }

  private int play(Narrator narrator, Cleanup cleanup, CountDownLatch ended)
      throws IOException, InterruptedException {
    DemoPlace.take(directory, port, cleanup);
    narrator.chapter("Starting a PostgreSQL, a job table, the agent and three workers");
    DemoHouse house = DemoHouse.open(directory, port, narrator, cleanup);
    narrator.plain("        Watch it live: http://127.0.0.1:" + port + "/");
    if (!once) {
      Desktop.open("http://127.0.0.1:" + port + "/");
    }
    boolean good = show(house);
    if (!once) {
      narrator.plain("Everything keeps running: http://127.0.0.1:" + port + "/  (Ctrl-C ends it)");
      ended.await();
    }
    return good ? 0 : 1;
  }

  private boolean show(DemoHouse house) throws IOException, InterruptedException {
    List<Fault> faults =
        List.of(
            new WorkerKilled(),
            new WorkerFrozen(),
            new JobSlow(),
            new DatabaseStopped(),
            new AgentKilled());
    List<FaultReport> reports = new ArrayList<>();
    for (Fault fault : faults) {
      house.narrator().chapter((reports.size() + 1) + " of 5: " + fault.name());
      reports.add(fault.run(house));
    }
    house.narrator().chapter("Every job once?");
    PgDemoJobs.Proof proof = drain(house);
    house.narrator().table(reports);
    house
        .narrator()
        .plain(
            "%d jobs: %d completed exactly once, %d more than once, %d not at all; %d were rescued."
                .formatted(
                    proof.jobs(),
                    proof.completedOnce(),
                    proof.completedTwice(),
                    proof.jobs() - proof.completedOnce() - proof.completedTwice(),
                    proof.rescued()));
    return proof.good() && reports.stream().allMatch(FaultReport::good);
  }

  /** Adds no more jobs and lets the workers finish those that are there. */
  private PgDemoJobs.Proof drain(DemoHouse house) throws IOException, InterruptedException {
    house.stopProducing();
    long end = System.nanoTime() + DemoHouse.LIMIT.toNanos();
    PgDemoJobs.Proof proof = house.jobs().prove();
    while (proof.open() > 0 && System.nanoTime() < end) {
      Thread.sleep(Duration.ofMillis(200));
      proof = house.jobs().prove();
    }
    return proof;
  }

  private static void closeOnSignal(Cleanup cleanup, CountDownLatch ended) {
    ended.countDown();
    try {
      cleanup.close();
    } catch (IOException failure) {
      System.err.println("The demo could not be cleared away: " + failure);
    }
  }
}
