package io.selfheal.heal;

import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Worker;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who works beside the subject of an incident. Pure. */
final class Crews {
  private Crews() {}

  /**
   * The crew of the worker that a subject belongs to.
   *
   * @param workers null when they could not be read
   * @param own the incident that is asked for
   * @return null when the subject is no worker's
   */
  static @Nullable Crew of(
      @Nullable List<Worker> workers, Collection<Case> cases, String subject, String own) {
    if (!subject.startsWith(Subject.worker(""))) {
      return null;
    }
    String name = subject.substring(Subject.worker("").length());
    if (workers == null) {
      // How many there are is not known: all that are in hand may be of this worker.
      return new Crew(name, OptionalInt.empty(), handled(cases, own).size(), true);
    }
    Optional<Worker> found =
        workers.stream()
            .filter(worker -> worker.id().equals(name) || holds(worker, name))
            .findFirst();
    if (found.isEmpty()) {
      return new Crew(name, OptionalInt.empty(), handled(cases, own).size(), true);
    }
    Worker worker = found.get();
    Set<String> handled = handled(cases, own);
    List<String> running =
        worker.processes().stream()
            .filter(one -> one.liveness() == Liveness.RUNNING)
            .map(Instance::instance)
            .toList();
    int healing =
        (int)
            worker.processes().stream()
                .filter(one -> handled.contains(Subject.worker(one.instance())))
                .count();
    int free = (int) running.stream().filter(one -> !handled.contains(Subject.worker(one))).count();
    boolean runs = worker.id().equals(name) ? free > 0 : running.contains(name);
    return new Crew(worker.id(), OptionalInt.of(free), healing, runs);
  }

  private static boolean holds(Worker worker, String instance) {
    return worker.processes().stream().anyMatch(one -> one.instance().equals(instance));
  }

  /** Subjects of other open incidents whose processes are being ended or started. */
  private static Set<String> handled(Collection<Case> cases, String own) {
    Set<String> handled = new HashSet<>();
    for (Case one : cases) {
      boolean other = !one.over() && !one.incident().id().equals(own);
      if (other && (comesBack(one) || one.incident().steps().stream().anyMatch(Crews::inHand))) {
        handled.add(one.incident().subject());
      }
    }
    return handled;
  }

  /** One of many that fell together counts until it is seen to run: the next may fare no better. */
  private static boolean comesBack(Case one) {
    return one.cause() instanceof WorkerEvent
        && one.incident().causedBy() != null
        && one.incident().state() == State.VERIFYING
        && !one.worker().well();
  }

  private static boolean inHand(Step step) {
    return step.state() == StepState.INTENDED && Reach.endsProcesses(step.remedy());
  }
}
