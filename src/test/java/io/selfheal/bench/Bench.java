package io.selfheal.bench;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what the agent promises, on this machine. A benchmark, not a test: it never fails. */
@Command(
    name = "agent.sh bench",
    description = {
      "Measures on this machine. Without a name: heal, cost and feed, one by one.",
      "sweep builds big tables and takes minutes, and permits takes one: they run by name only."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      Bench.Heal.class,
      Bench.Cost.class,
      Bench.Feed.class,
      Bench.Sweep.class,
      Bench.Permits.class
    })
public final class Bench implements Callable<Integer> {
  private static final PrintStream OUT = System.out;

  /** Runs what was asked for. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Bench())
            .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure))
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    new Heal().call();
    OUT.println();
    new Cost().call();
    OUT.println();
    return new Feed().call();
  }

  private static int explain(Exception failure) {
    if (!House.jvmEnds()) {
      failure.printStackTrace(System.err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** {@code bench heal}. */
  @Command(
      name = "heal",
      description = {
        "From a fault to its incident, its job and its healing.",
        "Beside supervisord and Monit, where they are installed (Debian: supervisor, monit)."
      },
      mixinStandardHelpOptions = true)
  static final class Heal implements Callable<Integer> {
    @Option(
        names = "--runs",
        paramLabel = "N",
        description = "Of each fault; at most 63. Default: 20.")
    private int runs = 20;

    @Option(
        names = "--deaths",
        paramLabel = "N",
        description = "Of workers that hold a job; 0 leaves them out. Default: 200.")
    private int deaths = 200;

    @Override
    public Integer call() throws Exception {
      if (deaths > 0) {
        new HealBench(OUT, deaths).run();
        OUT.println();
      }
      new FaultBench(OUT, Math.clamp(runs, 1, FaultBench.MOST_RUNS)).run();
      return CommandLine.ExitCode.OK;
    }
  }

  /** {@code bench cost}. */
  @Command(
      name = "cost",
      description = "What the agent itself takes: processor and memory.",
      mixinStandardHelpOptions = true)
  static final class Cost implements Callable<Integer> {
    @Option(names = "--seconds", paramLabel = "N", description = "Measured time. Default: 60.")
    private int seconds = 60;

    @Override
    public Integer call() throws Exception {
      new CostBench(OUT, Math.max(CostBench.WINDOW_SECONDS, seconds)).run();
      return CommandLine.ExitCode.OK;
    }
  }

  /** {@code bench feed}. */
  @Command(
      name = "feed",
      description = "The live feed with many clients.",
      mixinStandardHelpOptions = true)
  static final class Feed implements Callable<Integer> {
    @Option(names = "--seconds", paramLabel = "N", description = "Measured time. Default: 30.")
    private int seconds = 30;

    @Option(names = "--clients", paramLabel = "N", description = "Default: 1000.")
    private int clients = 1_000;

    @Option(names = "--rate", paramLabel = "N", description = "Events a second. Default: 100.")
    private int rate = 100;

    @Option(names = "--runs", paramLabel = "N", description = "Default: 1.")
    private int runs = 1;

    @Override
    public Integer call() throws Exception {
      new FeedBench(OUT, seconds, clients, rate).run(runs);
      return CommandLine.ExitCode.OK;
    }
  }

  /** {@code bench sweep}. */
  @Command(
      name = "sweep",
      description = "Sweeps of big tables, beside the database's and the library's own ways.",
      mixinStandardHelpOptions = true)
  static final class Sweep implements Callable<Integer> {
    @Option(names = "--rows", paramLabel = "N", description = "Default: 10000000.")
    private long rows = 10_000_000;

    @Option(names = "--stuck", paramLabel = "N", description = "Default: 100000.")
    private long stuck = 100_000;

    @Override
    public Integer call() throws Exception {
      new SweepBench(OUT, Math.max(2, rows), Math.max(1, stuck)).run();
      return CommandLine.ExitCode.OK;
    }
  }

  /** {@code bench permits}. */
  @Command(
      name = "permits",
      description = "What a permit and its report cost in the core, beside Resilience4j.",
      mixinStandardHelpOptions = true)
  static final class Permits implements Callable<Integer> {
    @Option(
        names = "--seconds",
        paramLabel = "N",
        description = "Of each line over the wire; 0 leaves the wire out. Default: 5.")
    private int seconds = 5;

    @Option(names = "--wire", description = "Over the wire only.")
    private boolean wire;

    @Override
    public Integer call() throws Exception {
      int exit = wire ? CommandLine.ExitCode.OK : new PermitBench(OUT).run();
      if (seconds > 0) {
        OUT.println();
        new PermitWireBench(OUT, seconds).run();
      }
      return exit;
    }
  }
}
