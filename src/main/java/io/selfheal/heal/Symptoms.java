package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.JobEvent;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerEvent.Lost;
import io.selfheal.message.WorkerEvent.Recovered;
import io.selfheal.message.WorkerEvent.Unresponsive;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Takes what is seen of the subject of an open incident into it: a repetition goes on the timeline,
 * a new process that fails too is the next attempt.
 */
final class Symptoms {
  private Symptoms() {}

  static void fold(Turn turn, Event event) {
    if (turn.state().over()) {
      return;
    }
    switch (event) {
      case Lost lost -> lost(turn, lost);
      case Unresponsive unwell -> unresponsive(turn, unwell);
      case Recovered recovered -> recovered(turn, recovered.process(), "Recovered by itself");
      case SymptomEvent.Seen seen -> turn.note("seen", "Again: " + seen.summary());
      // Only a reading closes an incident, but it need not wait for its turn.
      case SymptomEvent.Cleared cleared -> turn.symptom = turn.symptom.hastened(turn.now());
      case JobEvent.Stuck stuck -> turn.noteOnce("linked", linked(stuck));
      case WorkerEvent.Found found ->
          turn.note("seen", found.process() + " found for " + found.instance());
      case WorkerEvent.Started started ->
          turn.note("seen", started.process() + " started as " + started.instance());
      case WorkerEvent.Stopped stopped -> stopped(turn, stopped);
      default -> {}
    }
  }

  private static String linked(JobEvent.Stuck stuck) {
    return "%s of source %s seen stuck while this is being healed"
        .formatted(Words.count(stuck.count(), "job"), stuck.source());
  }

  private static void lost(Turn turn, Lost lost) {
    turn.note("seen", lost.process() + " " + lost.evidence());
    OptionalInt stop = openStop(turn.steps, lost.process());
    if (stop.isPresent()) {
      goneBeforeStop(turn, stop.getAsInt());
      return;
    }
    if (known(turn).contains(lost.process()) || givenUp(turn)) {
      return;
    }
    nextAttempt(turn);
    if (!waits(turn, RequeueJobs.NAME)) {
      turn.append(requeue(turn, lost.worker()));
    }
    if (!waits(turn, RestartWorker.NAME)) {
      turn.append(BuiltIns.restart(lost.instance(), lost.process(), nextRestart(turn)));
    }
  }

  private static void stopped(Turn turn, WorkerEvent.Stopped stopped) {
    turn.note("seen", stopped.process() + " stopped: " + stopped.reason());
    openStop(turn.steps, stopped.process()).ifPresent(index -> goneBeforeStop(turn, index));
  }

  /** It died before, or while, it was to be ended. The reply to an act under way will tell. */
  private static void goneBeforeStop(Turn turn, int index) {
    if (!turn.effort(index).running()) {
      Ladder.end(turn, index, Outcome.ALREADY_DONE, "the process was gone already");
      turn.examine = false;
    }
  }

  private static void unresponsive(Turn turn, Unresponsive unwell) {
    turn.note("seen", unwell.process() + " " + unwell.evidence());
    if (known(turn).contains(unwell.process()) || givenUp(turn)) {
      return;
    }
    nextAttempt(turn);
    turn.append(BuiltIns.stop(unwell.instance(), unwell.process()));
    turn.append(requeue(turn, unwell.worker()));
    turn.append(BuiltIns.restart(unwell.instance(), unwell.process(), nextRestart(turn)));
  }

  /** Drops what was planned for a process that does its part again, unless it has begun. */
  static void recovered(Turn turn, ProcessIdentity process, String how) {
    turn.note("seen", process + " does its part again");
    OptionalInt stop = openStop(turn.steps, process);
    if (stop.isEmpty() || mayHaveActed(turn, stop.getAsInt())) {
      return;
    }
    turn.examine = false;
    if (stop.getAsInt() == 0) {
      Closing.selfRecovered(turn, how);
      return;
    }
    turn.dropFrom(stop.getAsInt());
  }

  /** A stop that was put off has done nothing yet. */
  private static boolean mayHaveActed(Turn turn, int index) {
    return turn.effort(index).running() || turn.steps.get(index).attempt() > 1;
  }

  /** Whether a process was still to be ended when these steps were written. */
  static boolean awaitsStop(List<Step> steps) {
    return steps.stream()
        .anyMatch(step -> step.remedy().equals(StopWorker.NAME) && step.state() != StepState.ENDED);
  }

  /** The index of the stop of a process that has not ended. */
  static OptionalInt openStop(List<Step> steps, ProcessIdentity process) {
    return IntStream.range(0, steps.size())
        .filter(i -> steps.get(i).remedy().equals(StopWorker.NAME))
        .filter(i -> steps.get(i).state() != StepState.ENDED)
        .filter(i -> process.equals(steps.get(i).process()))
        .findFirst();
  }

  /** The processes that this incident has dealt with, or is about to. */
  static Set<ProcessIdentity> known(Turn turn) {
    Set<ProcessIdentity> known = new HashSet<>();
    turn.steps.forEach(
        step -> {
          if (step.process() != null) {
            known.add(step.process());
          }
        });
    return known;
  }

  static void nextAttempt(Turn turn) {
    turn.become(State.HEALING);
    turn.worker = turn.worker.filled(null, turn.now());
    turn.jobs = turn.jobs.anew(turn.now());
  }

  static int nextRestart(Turn turn) {
    return turn.count(RestartWorker.NAME) + 1;
  }

  static Step requeue(Turn turn, String target) {
    Step step = BuiltIns.requeue(target);
    return new Step(
        step.remedy(),
        step.target(),
        null,
        step.state(),
        turn.count(RequeueJobs.NAME) + 1,
        null,
        null,
        null,
        null);
  }

  /** Whether a step of the remedy is still to act, and so covers what is new too. */
  private static boolean waits(Turn turn, String remedy) {
    return IntStream.range(0, turn.steps.size())
        .anyMatch(
            i ->
                turn.steps.get(i).remedy().equals(remedy)
                    && turn.steps.get(i).state() != StepState.ENDED
                    && !turn.effort(i).running());
  }

  /** A restart was refused: the incident only waits for its jobs, then a person has it. */
  private static boolean givenUp(Turn turn) {
    return Ladder.last(turn, RestartWorker.NAME)
        .filter(step -> step.outcome() == Outcome.REFUSED)
        .isPresent();
  }
}
