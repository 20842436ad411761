package io.selfheal.remedy;

import io.selfheal.file.Broad;
import io.selfheal.rule.Remedy;
import java.nio.file.Path;
import java.util.List;

/** The remedies that come with the agent. */
public final class Remedies {
  private Remedies() {}

  /**
   * All of them.
   *
   * @param kept directories that no remedy may touch: the agent's own
   */
  public static List<Remedy> all(List<Path> kept) {
    Broad broad = new Broad(kept);
    return List.of(
        new ClearCache(broad),
        new RestoreFile(broad),
        new ArchiveFiles(broad),
        new RunCommand(),
        new RestartWorker(),
        new StopWorker(),
        new ThrottleWorker(),
        new ScaleWorker(),
        new DrainWorker(),
        new RequeueJobs(),
        new DeadLetterJob(),
        new ResetBreaker(),
        new Notify());
  }
}
