package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Outcome;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.message.WorkerRequests.StartInstance;
import java.time.Duration;
import java.util.Objects;

/**
 * Fills the slot of a process that is gone. Whoever owns the worker starts nothing when another
 * process than the one that is gone already runs there.
 */
record RestartWorker() implements Remedy {
  static final String NAME = "restart_worker";

  /** Longer than systemd may take: a start that is still under way is no failed one. */
  private static final Duration LIMIT = Duration.ofSeconds(100);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Question<?, ?> question(
      Incident incident, Event cause, Step step, int tries, HealConfig config) {
    StartInstance query =
        new StartInstance(
            Cause.worker(cause),
            step.target(),
            step.process(),
            ended(incident, step),
            "incident " + incident.id());
    return new Question<>(
        WorkerRequests.START,
        query,
        LIMIT,
        ended -> judge(ended, Cause.owner(cause)),
        RestartWorker::unanswered);
  }

  /**
   * Whether this incident has ended the process. Its steps say so, as they outlive the agent: one
   * that was gone already may have been ended by the run before.
   */
  private static boolean ended(Incident incident, Step restart) {
    return incident.steps().stream()
        .filter(step -> step.remedy().equals(StopWorker.NAME))
        .filter(step -> Objects.equals(step.process(), restart.process()))
        .anyMatch(step -> step.outcome() == Outcome.DONE || step.outcome() == Outcome.ALREADY_DONE);
  }

  private static Ending judge(Ended ended, Owner owner) {
    ProcessIdentity started = ended.process();
    if (ended.outcome() == Outcome.DONE && started != null) {
      // How systemd found the unit belongs to the story.
      String how = owner == Owner.SYSTEMD ? ended.detail() + ": " : "";
      return Ending.of(Outcome.DONE, how + "started as pid " + started.pid(), started);
    }
    if (ended.outcome() == Outcome.ALREADY_DONE && started != null) {
      return Ending.of(Outcome.ALREADY_DONE, "it runs again as pid " + started.pid(), started);
    }
    return Ending.of(ended.outcome(), ended.detail(), started);
  }

  /** A start that was not answered may have started something: it counts as a failed restart. */
  private static Ending unanswered(Throwable failure) {
    Outcome outcome = Remedy.neverArrived(failure) ? Outcome.DEFERRED : Outcome.FAILED;
    return Ending.of(outcome, "not known to be started: " + failure.getMessage());
  }
}
