package io.selfheal.remedy;

import io.selfheal.rule.Remedy;
import java.util.List;

/** The remedies that come with the agent. */
public final class Remedies {
  private Remedies() {}

  /** All of them. */
  public static List<Remedy> all() {
    return List.of(new RunCommand(), new RestartWorker(), new StopWorker(), new ThrottleWorker());
  }
}
