package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.StartInstance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Prints how long it takes from kill(2) to the event; a measurement, not a test. */
final class DeathCost {
  private static final int RUNS = 200;

  private DeathCost() {}

  public static void main(String[] arguments) throws Exception {
    Path home = Files.createTempDirectory("selfheal-death-cost");
    long[] nanos = new long[RUNS];
    try (Agent agent = new Agent(home, Agent.run("a", 1, true, List.of("sleep", "600"))).start()) {
      for (int i = -20; i < RUNS; i++) {
        ProcessIdentity process = agent.process("a", "a.1");
        ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
        agent.events.forget();
        long mark = System.nanoTime();
        handle.destroyForcibly();
        agent.events.await(WorkerEvent.Lost.class);
        long took = System.nanoTime() - mark;
        if (i >= 0) {
          nanos[i] = took;
        }
        agent.ask(WorkerRequests.START, new StartInstance("a", "a.1", process, "again"));
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "kill to worker.lost, n=%d: p50 %.2f ms, p95 %.2f ms, p99 %.2f ms, most %.2f ms%n",
        RUNS,
        nanos[RUNS / 2] / 1e6,
        nanos[RUNS * 95 / 100] / 1e6,
        nanos[RUNS * 99 / 100] / 1e6,
        nanos[RUNS - 1] / 1e6);
    System.exit(0);
  }
}
