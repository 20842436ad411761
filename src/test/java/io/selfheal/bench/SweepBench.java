package io.selfheal.bench;

import io.selfheal.message.JobRequests.Swept;
import io.selfheal.store.EmbeddedPostgres;
import io.selfheal.store.PostgresUrl;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sweeps a big table, idle and full of stuck jobs, beside one single statement and the library's
 * own look on the same table in the same run. Judging costs nothing here: every holder is dead.
 */
final class SweepBench {
  private static final int IDLE_RUNS = 50;
  private static final int WARM_UP_RUNS = 500;
  private static final int POISON_AFTER = 3;
  private static final int WARM_UP_SECONDS = 5;
  private static final int AGENTS = 4;

  /** The load alone, before a sweep and again after it: the machine is not the same for long. */
  private static final long LOAD_MILLIS = 3000;

  private final PrintStream out;
  private final long rows;
  private final long stuck;

  SweepBench(PrintStream out, long rows, long stuck) {
    this.out = out;
    this.rows = rows;
    this.stuck = Math.min(stuck, rows / 2);
  }

  void run() throws Exception {
    Machine.print(out, "sweep: a table of " + rows + " rows with " + stuck + " stuck jobs");
    Path directory = Files.createTempDirectory("selfheal-bench-");
    EmbeddedPostgres postgres = EmbeddedPostgres.in(directory);
    try {
      PostgresUrl url = postgres.start();
      for (SweepShape shape : SweepShape.all()) {
        measure(shape, url);
      }
    } finally {
      postgres.stop();
      delete(directory);
    }
    out.println("load average at end: " + Machine.load());
  }

  private void measure(SweepShape shape, PostgresUrl url) throws Exception {
    out.println(shape.name() + ":");
    try (PgSweepTable table = new PgSweepTable(shape, url, rows, stuck);
        SweepAgent agent = new SweepAgent(shape, url)) {
      String advice = agent.advice();
      table.execute(shape.single());
      table.settle();
      idle("without the index", shape, table, agent);
      if (advice.isEmpty()) {
        say("no index is advised: one of the library's serves");
      } else {
        for (String statement : advice.lines().toList()) {
          table.execute(statement);
        }
        say("advised: %s", advice);
        idle("with it", shape, table, agent);
      }
      library(shape, table);
      double swept = rounds(shape, table, agent);
      counted(shape, url, table);
      loaded(shape, url, table, agent);
      old(table, agent, swept);
      together(shape, url, table);
      table.again();
      say("in a heap of %d MiB: %s", SweepMemory.HEAP_MIB, SweepMemory.run(shape, url));
    }
  }

  private void idle(String which, SweepShape shape, PgSweepTable table, SweepAgent agent)
      throws SQLException, TimeoutException {
    warmUp(agent);
    List<Double> ours = new ArrayList<>();
    List<Double> library = new ArrayList<>();
    for (int i = 0; i < IDLE_RUNS; i++) {
      long begin = System.nanoTime();
      agent.sweep();
      ours.add((System.nanoTime() - begin) / 1e6);
      library.add(table.execute(shape.find()));
    }
    say(
        "nothing stuck, %s: sweep %.2f ms, the library's look %.2f ms (medians of %d)",
        which, median(ours), median(library), IDLE_RUNS);
  }

  /** As in an agent that has looked for a while; on a big table without an index not for long. */
  private static void warmUp(SweepAgent agent) throws TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS);
    for (int i = 0; i < WARM_UP_RUNS && System.nanoTime() < end; i++) {
      agent.sweep();
    }
  }

  private static double median(List<Double> values) {
    return Series.at(values.stream().sorted().toList(), 0.5);
  }

  /** The median sweep, in milliseconds. */
  private double rounds(SweepShape shape, PgSweepTable table, SweepAgent agent)
      throws SQLException, TimeoutException {
    // What an agent that has swept before runs is compiled.
    table.again();
    agent.sweep();
    SweepRounds rounds = new SweepRounds();
    for (int i = 0; i < SweepRounds.ROUNDS; i++) {
      table.again();
      double single = table.execute(shape.single());
      rounds.add(single, sweep("swept", table, agent));
    }
    say("%s", rounds);
    ratio("swept : single statement", rounds.ratio(), 1.2);
    return rounds.swept();
  }

  /** As the library does it, batch by batch, with its statements in one. */
  private void library(SweepShape shape, PgSweepTable table) throws SQLException {
    table.again();
    long begin = System.nanoTime();
    long sum = 0;
    long changed;
    do {
      changed = table.update(shape.rescue());
      sum += changed;
    } while (changed > 0);
    say("the library's own rescue: %.0f ms, %d jobs", (System.nanoTime() - begin) / 1e6, sum);
  }

  private double sweep(String which, PgSweepTable table, SweepAgent agent)
      throws SQLException, TimeoutException {
    table.again();
    return sweepNow(which, agent);
  }

  private double sweepNow(String which, SweepAgent agent) throws TimeoutException {
    Duration before = ownTime();
    long begin = System.nanoTime();
    Swept answer = agent.sweep();
    double took = (System.nanoTime() - begin) / 1e6;
    say(
        "%s: %.0f ms, %d rescued; the agent's own processor time %d ms",
        which, took, answer.rescued(), ownTime().minus(before).toMillis());
    if (!answer.problems().isEmpty()) {
      out.println("  " + answer.problems());
    }
    return took;
  }

  private static Duration ownTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private void counted(SweepShape shape, PostgresUrl url, PgSweepTable table) throws Exception {
    try (SweepAgent agent = new SweepAgent(shape, url, POISON_AFTER)) {
      sweep("swept, each death counted", table, agent);
    }
  }

  private void loaded(SweepShape shape, PostgresUrl url, PgSweepTable table, SweepAgent agent)
      throws Exception {
    table.again();
    try (PgSweepLoad load = new PgSweepLoad(shape, url, rows - stuck).start()) {
      Thread.sleep(LOAD_MILLIS / 3);
      double before = load.rate(LOAD_MILLIS);
      load.longest();
      long from = load.done();
      double took = sweepNow("swept under load", agent);
      double beside = 1000 * (load.done() - from) / took;
      double held = load.held();
      double longest = load.longest();
      Thread.sleep(LOAD_MILLIS / 3);
      double after = load.rate(LOAD_MILLIS);
      double alone = (before + after) / 2;
      say(
          "other transactions: %.0f/s before, %.0f/s beside the sweep, %.0f/s after it = %.0f %%"
              + " (target 80 %%)",
          before, beside, after, 100 * beside / alone);
      say(
          "longest transaction with row locks: %.0f ms (target 100 ms); longest of the others,"
              + " of one row each: %.0f ms",
          held, longest);
    }
  }

  private void old(PgSweepTable table, SweepAgent agent, double without) throws Exception {
    table.again();
    try (Connection snapshot = table.snapshot()) {
      double took = sweepNow("swept beside an old snapshot", agent);
      snapshot.rollback();
      ratio("with : without the snapshot", took / without, 1.5);
    }
  }

  private void together(SweepShape shape, PostgresUrl url, PgSweepTable table) throws Exception {
    table.again();
    List<SweepAgent> agents = new ArrayList<>();
    try {
      for (int i = 0; i < AGENTS; i++) {
        agents.add(new SweepAgent(shape, url));
      }
      long begin = System.nanoTime();
      List<Future<Swept>> all = agents.stream().map(SweepAgent::begin).toList();
      List<Long> each = new ArrayList<>();
      for (Future<Swept> one : all) {
        each.add(SweepAgent.await(one).rescued());
      }
      long sum = each.stream().mapToLong(Long::longValue).sum();
      say(
          "%d agents at once: %.0f ms, %s = %d of %d: %s",
          AGENTS,
          (System.nanoTime() - begin) / 1e6,
          each,
          sum,
          stuck,
          sum == stuck ? "each job once" : "NOT EXACT");
    } finally {
      for (SweepAgent agent : agents) {
        agent.close();
      }
    }
  }

  private void ratio(String what, double ratio, double most) {
    say("%s = %.2f, target %.1f, %s", what, ratio, most, ratio <= most ? "met" : "MISSED");
  }

  private void say(String form, Object... values) {
    out.println("  " + String.format(Locale.ROOT, form, values));
  }

  private static void delete(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
