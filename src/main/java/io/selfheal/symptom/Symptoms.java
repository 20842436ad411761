package io.selfheal.symptom;

import io.selfheal.rule.Symptom;
import java.util.List;

/** The symptoms that come with the agent. */
public final class Symptoms {
  private Symptoms() {}

  /** All of them. */
  public static List<Symptom> all() {
    return List.of(
        new CorruptFile(),
        new CrashLoop(),
        new DatabaseSick(),
        new HighCpu(),
        new JobStuck(),
        new LowDisk(),
        new MemoryPressure(),
        new PoisonJob(),
        new QueueBacklog(),
        new ResourceLeak(),
        new ServiceDown(),
        new WorkerFrozen(),
        new WorkerLost(),
        new WorkerUnresponsive());
  }
}
