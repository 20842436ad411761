package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An incident in the hands of this run of the agent.
 *
 * @param cause the event that opened it
 * @param opened when
 * @param efforts by the index of the step
 * @param restarts every restart of the slot that counts for the limit, oldest first
 * @param spent how long the attempt has been verified without success
 * @param at the moment of the last reaction
 * @param examine the world is looked at before anything is done: taken up after a restart
 */
record Case(
    Incident incident,
    Event cause,
    Moment opened,
    Map<Integer, Effort> efforts,
    List<Moment> restarts,
    Disk disk,
    WorkerCheck worker,
    JobCheck jobs,
    SymptomCheck symptom,
    Duration spent,
    Moment at,
    boolean examine) {
  Case {
    efforts = Map.copyOf(efforts);
    restarts = List.copyOf(restarts);
  }

  boolean over() {
    return incident.state().over();
  }

  /** Over, and on disk as such: nothing more is to come. */
  boolean finished() {
    return over() && disk.clean();
  }

  /**
   * Whether it still has jobs to requeue, or to see requeued, and can: while it waits for a
   * database, jobs that can be read are another's.
   */
  boolean mindsJobs() {
    if (over()) {
      return false;
    }
    if (Held.rehearsed(incident.steps())) {
      return false;
    }
    boolean pending = IntStream.range(0, incident.steps().size()).anyMatch(this::isAboutToRequeue);
    boolean verifying = incident.state() == State.VERIFYING && !jobs.clean();
    return pending || (verifying && jobs.waiting() == null);
  }

  private boolean isAboutToRequeue(int index) {
    Step step = incident.steps().get(index);
    if (!step.remedy().equals(RequeueJobs.NAME) || step.state() == StepState.ENDED) {
      return false;
    }
    Effort effort = efforts.get(index);
    return step.outcome() != Outcome.DEFERRED || (effort != null && effort.running());
  }
}
