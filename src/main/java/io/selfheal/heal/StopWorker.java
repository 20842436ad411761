package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent.Unresponsive;
import io.selfheal.message.WorkerEvent.Unwell;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.Ended;
import java.time.Duration;
import java.util.Objects;

/**
 * Ends one process and sees it gone. A frozen process cannot act on TERM: it is killed at once. A
 * silent one may still be finishing its work: it gets a grace.
 */
record StopWorker() implements Remedy {
  static final String NAME = "stop_worker";

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration MARGIN = Duration.ofSeconds(5);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Question<?, ?> question(
      Incident incident, Event cause, Step step, int tries, HealConfig config) {
    ProcessIdentity process = Objects.requireNonNull(step.process(), "a stop names its process");
    Duration grace = frozen(cause, process) ? Duration.ZERO : config.grace();
    Duration limit = grace.plus(LIMIT);
    EndProcess query =
        new EndProcess(step.target(), process, grace, limit, "incident " + incident.id());
    return new Question<>(
        WorkerRequests.END, query, limit.plus(MARGIN), StopWorker::judge, StopWorker::unanswered);
  }

  private static boolean frozen(Event cause, ProcessIdentity process) {
    return cause instanceof Unresponsive unwell
        && unwell.reason() == Unwell.FROZEN
        && unwell.process().equals(process);
  }

  private static Ending judge(Ended ended) {
    ProcessIdentity process = ended.process();
    boolean gone = ended.outcome() == Outcome.DONE || ended.outcome() == Outcome.ALREADY_DONE;
    String detail = gone ? Words.pid(process) + " is gone" : ended.detail();
    return Ending.of(ended.outcome(), detail, process);
  }

  private static Ending unanswered(Throwable failure) {
    Outcome outcome = Remedy.neverArrived(failure) ? Outcome.DEFERRED : Outcome.FAILED;
    return Ending.of(outcome, "not seen gone: " + failure.getMessage());
  }
}
