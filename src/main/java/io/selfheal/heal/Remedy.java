package io.selfheal.heal;

import io.selfheal.bus.RequestFailed;
import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.Step;

/**
 * A healing action. It must be safe to do twice: after a crash of the agent an intended remedy is
 * done again, and what it acts on (a process identity, the fence of a job) tells whether it was
 * done already.
 */
sealed interface Remedy permits StopWorker, RequeueJobs, RestartWorker {
  /** The name in rules, incidents and events. */
  String name();

  /**
   * The act.
   *
   * @param tries how often it was put off before
   */
  Question<?, ?> question(Incident incident, Event cause, Step step, int tries, HealConfig config);

  /** The remedy of a name. */
  static Remedy named(String name) {
    return switch (name) {
      case StopWorker.NAME -> new StopWorker();
      case RequeueJobs.NAME -> new RequeueJobs();
      case RestartWorker.NAME -> new RestartWorker();
      default -> throw new IllegalArgumentException("there is no remedy " + name);
    };
  }

  /** Whether a request cannot have had any effect, since the part that acts does not run. */
  static boolean neverArrived(Throwable failure) {
    return failure instanceof RequestFailed failed
        && failed.reason() == RequestFailed.Reason.NOBODY_ANSWERS;
  }
}
