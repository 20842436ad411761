package io.selfheal.host;

import com.sun.management.ThreadMXBean;
import io.selfheal.bus.Time;
import java.lang.management.ManagementFactory;
import java.time.InstantSource;

/** Prints what a sample costs on this machine; run it by hand. */
final class SampleCost {
  private static final int RUNS = 2_000;

  private SampleCost() {}

  public static void main(String[] arguments) throws InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Collectors collectors =
        Collectors.ofThisMachine(new Time(InstantSource.system(), System::nanoTime));
    long start = System.nanoTime();
    collectors.sample("here");
    System.out.printf("the first: %d ms%n", (System.nanoTime() - start) / 1_000_000);
    for (int i = 0; i < RUNS; i++) {
      collectors.sample("here");
    }
    // Longer than OSHI remembers, so that each counted sample reads anew.
    long cpu = 0;
    long bytes = 0;
    int counted = 30;
    for (int i = 0; i < counted; i++) {
      Thread.sleep(350);
      long cpuBefore = threads.getCurrentThreadCpuTime();
      long bytesBefore = threads.getCurrentThreadAllocatedBytes();
      collectors.sample("here");
      bytes += threads.getCurrentThreadAllocatedBytes() - bytesBefore;
      cpu += threads.getCurrentThreadCpuTime() - cpuBefore;
    }
    System.out.printf(
        "a sample: %.0f us of cpu, %d bytes allocated%n", cpu / 1e3 / counted, bytes / counted);
  }
}
