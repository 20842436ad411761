package io.selfheal.remedy;

import io.selfheal.file.Broad;
import io.selfheal.rule.Remedy;
import java.nio.file.Path;
import java.util.List;

/** The remedies that come with the agent. */
public final class Remedies {
  private Remedies() {}

    return List.of(
        new Broad(kept),
        new ClearCache(broad),
        new RestoreFile(broad));
        new RunCommand(),
        new RestartWorker(),
        new StopWorker(),
        new ThrottleWorker(),
<<<<<<< HEAD
        new ArchiveFiles(broad));
=======
        new ScaleWorker(),
        new DrainWorker());
>>>>>>> c7f399e (scale_worker and drain_worker: each incident takes back its own part, once and in any order, over restarts of the agent)
  }
}
