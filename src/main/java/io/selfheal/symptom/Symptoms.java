package io.selfheal.symptom;

import io.selfheal.rule.Symptom;
import java.util.List;

/** The symptoms that come with the agent. */
public final class Symptoms {
  private Symptoms() {}

  /** All of them. */
  public static List<Symptom> all() {
    return List.of(
        new QueueBacklog(),
        new WorkerUnresponsive(),
        new CrashLoop(),
        new HighCpu(),
        new LowDisk(),
        new MemoryPressure(),
        new ResourceLeak(),
        new CorruptFile());
  }
}
