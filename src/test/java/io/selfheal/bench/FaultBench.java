package io.selfheal.bench;

import io.selfheal.bench.FaultTable.Run;
import io.selfheal.bench.Yard.Broken;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Causes each fault again and again, for the agent and its peers alike: in the same second, each on
 * workers of its own, so that all have the same machine. The first of each fault is not counted:
 * what is done for the first time is loaded and compiled by it.
 */
final class FaultBench {
  /** The agent runs no more instances of one worker. */
  static final int MOST_RUNS = 63;

  /** The faults are spread over a second, so that they fall anywhere between the tools' looks. */
  private static final int SPREAD_MILLIS = 1_000;

  private static final int SETTLE_SECONDS = 5;

  private final PrintStream out;
  private final int runs;
  private final Random random = new Random(1);
  private final FaultTable table = new FaultTable();

  FaultBench(PrintStream out, int runs) {
    this.out = out;
    this.runs = runs;
  }

  void run() throws Exception {
    Machine.print(out, "heal: the same faults for the agent and for its peers");
    String hiccups;
    try (Tools tools = Tools.open(out, runs + 1);
        Hiccups meanwhile = new Hiccups();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      explain();
      FaultTable.header(out);
      for (Fault fault : Fault.values()) {
        cause(fault, tools.able(fault), threads);
        table.print(out, fault);
      }
      hiccups = meanwhile.toString();
    }
    table.ratios(out);
    out.println(hiccups);
    out.println("load average at end: " + Machine.load());
  }

  private void explain() {
    out.printf(
        "runs of each: %d, after 1 that is not counted, each on a worker that had no fault before;"
            + " p99 is by nearest rank, so of fewer than 100 it is the longest%n",
        runs);
    out.println(
        "healed: measured by the benchmark, for all alike: another process says that it works, or"
            + " the disk has room; verified: the tool itself says that all is well");
    for (Fault fault : Fault.values()) {
      out.println(fault.title() + ": " + fault.cause());
    }
  }

  private void cause(Fault fault, List<Tool> able, ExecutorService threads) throws Exception {
    List<CompletableFuture<?>> verified = new ArrayList<>();
    for (int i = 0; i <= runs; i++) {
      int number = i + 1;
      boolean counted = i > 0;
      List<CompletableFuture<Broken>> over = new ArrayList<>();
      for (Tool tool : able) {
        CompletableFuture<Broken> gone = new CompletableFuture<>();
        over.add(gone);
        verified.add(
            CompletableFuture.runAsync(() -> one(tool, fault, number, counted, gone), threads));
      }
      // A disk is read every 10 s by the agent: its faults overlap, each on a disk of its own.
      if (fault.ofWorkers()) {
        join(over);
      } else {
        Thread.sleep(SPREAD_MILLIS);
      }
    }
    join(verified);
  }

  private static void join(List<? extends CompletableFuture<?>> all) {
    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
  }

  private void one(
      Tool tool, Fault fault, int number, boolean counted, CompletableFuture<Broken> over) {
    try {
      Thread.sleep(random.nextInt(SPREAD_MILLIS));
      Broken broken = tool.yard().breakIt(fault, number);
      Instant gone = tool.yard().await(broken);
      over.complete(broken);
      Run run = new Run(broken.at(), tool.detected(broken), gone, tool.healed(broken));
      if (counted) {
        table.add(fault, tool.name(), run);
      }
    } catch (Exception failure) {
      table.failed(fault, tool.name(), String.valueOf(failure.getMessage()));
    } finally {
      over.complete(null);
    }
  }
}
