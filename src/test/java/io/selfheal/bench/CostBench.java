package io.selfheal.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the agent takes while nothing happens: with workers to watch each second, and without. */
final class CostBench {
  static final int WINDOW_SECONDS = 5;
  private static final int WARM_UP_SECONDS = 120;
  private static final int INSTANCES = 10;
  private static final double TARGET_PERCENT = 1;

  private final PrintStream out;
  private final int seconds;

  CostBench(PrintStream out, int seconds) {
    this.out = out;
    this.seconds = seconds;
  }

  void run() throws Exception {
    Machine.print(out, "cost: the agent beside workers that do nothing");
    out.printf(
        "after %d s of warm-up, %d s in windows of %d s; processor time by /proc/PID/stat%n",
        WARM_UP_SECONDS, seconds, WINDOW_SECONDS);
    measure("10 workers read each second, 1 job source swept each 2 s", INSTANCES);
    measure("no workers, no sources", 0);
    out.println("load average at end: " + Machine.load());
  }

  private void measure(String what, int instances) throws Exception {
    try (House house = House.open(instances)) {
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      Duration postgres = postgresCpu(house);
      Duration whole = cpu(house.agent());
      long start = System.nanoTime();
      List<Double> windows = new ArrayList<>();
      for (int i = 0; i < seconds / WINDOW_SECONDS; i++) {
        Duration cpu = cpu(house.agent());
        long begin = System.nanoTime();
        TimeUnit.SECONDS.sleep(WINDOW_SECONDS);
        windows.add(percent(cpu(house.agent()).minus(cpu), System.nanoTime() - begin));
      }
      long took = System.nanoTime() - start;
      double share = percent(cpu(house.agent()).minus(whole), took);
      double servers = percent(postgresCpu(house).minus(postgres), took);
      report(house, what, share, windows.stream().sorted().toList(), servers);
    }
  }

  private void report(House house, String what, double share, List<Double> windows, double servers)
      throws IOException, InterruptedException {
    String process = "/proc/" + house.agent().pid();
    out.println(what + ":");
    out.printf(
        "  processor: %.2f %% of a core (target 1 %%, %s); windows: %d, median %.2f %%, p99 %.2f %%%n",
        share,
        share <= TARGET_PERCENT ? "met" : "MISSED",
        windows.size(),
        Series.at(windows, 0.5),
        Series.at(windows, 0.99));
    out.printf(
        "  memory: RSS %.1f MiB, PSS %.1f MiB, heap in use %.1f MiB, %s threads%n",
        Machine.kibibytes(process + "/status", "VmRSS") / 1024.0,
        Machine.kibibytes(process + "/smaps_rollup", "Pss") / 1024.0,
        house.ask("/api/v1/agent").path("heap_bytes").asLong() / 1048576.0,
        Machine.field(process + "/status", "Threads"));
    out.printf("  its PostgreSQL: %.2f %% of a core%n", servers);
  }

  private static double percent(Duration cpu, long nanos) {
    return 100.0 * cpu.toNanos() / nanos;
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static Duration postgresCpu(House house) throws IOException {
    return house.postgresProcesses().map(CostBench::cpu).reduce(Duration.ZERO, Duration::plus);
  }
}
