package io.selfheal.remedy;

import io.selfheal.message.Owner;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.remedy.Target.Meant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what a remedy acts on. Pure. An empty selection means nothing, never everything. */
final class Targets {
  private static final String PREFIX = Subject.worker("");

  private Targets() {}

  /**
   * What was found.
   *
   * @param all the slots, in order
   * @param problem why there are none; empty when there are some
   */
  record Choice(List<Target> all, String problem) {
    /** Copies the list. */
    Choice {
      all = List.copyOf(all);
    }

    private static Choice none(String problem) {
      return new Choice(List.of(), problem);
    }
  }

  /** The slots that a selection means. */
  static Choice choose(Selection selection, String subject, List<Worker> workers) {
    if (selection.worker().isPresent()) {
      return every(selection.worker().get(), subject, workers);
    }
    if (selection.instance().isPresent()) {
      return one(selection.instance().get(), workers);
    }
    if (!subject.startsWith(PREFIX)) {
      return Choice.none(
          subject + " is no worker: say in the rule which worker or instance is meant");
    }
    String instance = subject.substring(PREFIX.length());
    if (!selection.every()) {
      return one(instance, workers);
    }
    return owner(instance, workers)
        .map(worker -> every(worker.id(), subject, workers))
        .orElse(Choice.none("no worker has a slot " + instance));
  }

  private static Choice one(String instance, List<Worker> workers) {
    Optional<Worker> worker = owner(instance, workers);
    if (worker.isEmpty()) {
      return Choice.none("no worker has a slot " + instance);
    }
    Optional<Instance> slot =
        worker.get().processes().stream()
            .filter(one -> one.instance().equals(instance))
            .findFirst();
    if (slot.isPresent()) {
      return new Choice(List.of(Target.of(worker.get(), slot.get())), "");
    }
    boolean whole = instance.equals(worker.get().id());
    if (worker.get().owner() == Owner.SYSTEMD) {
      Meant meant = whole ? Meant.WORKER : Meant.FORMER;
      return new Choice(List.of(unit(worker.get(), instance).as(meant)), "");
    }
    return whole
        ? Choice.none(
            "the symptom is about the worker "
                + instance
                + " and not about one of its processes: every: true means all that it has now")
        : new Choice(List.of(Target.empty(worker.get(), instance)), "");
  }

  /** The worker of a unit has one slot; its name changes with its process. */
  private static Target unit(Worker worker, String instance) {
    return worker.processes().stream()
        .filter(one -> one.process() != null)
        .findFirst()
        .map(one -> Target.of(worker, one))
        .orElse(Target.empty(worker, instance));
  }

  /** The worker of a slot, by its name too: the slot of a found process goes with it. */
  private static Optional<Worker> owner(String instance, List<Worker> workers) {
    return workers.stream()
        .filter(
            worker ->
                instance.equals(worker.id())
                    || instance.startsWith(worker.id() + ".")
                    || instance.startsWith(worker.id() + "@"))
        .max(Comparator.comparingInt(worker -> worker.id().length()));
  }

  private static Choice every(String name, String subject, List<Worker> workers) {
    Optional<Worker> worker = workers.stream().filter(one -> one.id().equals(name)).findFirst();
    if (worker.isEmpty()) {
      return Choice.none("no worker is called " + name);
    }
    if (worker.get().owner() == Owner.SYSTEMD && subject.equals(PREFIX + name)) {
      return one(name, workers);
    }
    List<Target> targets =
        worker.get().processes().stream()
            .filter(one -> counts(worker.get(), one))
            .map(one -> Target.of(worker.get(), one))
            .toList();
    if (!targets.isEmpty()) {
      return new Choice(targets, "");
    }
    return worker.get().owner() == Owner.SYSTEMD
        ? new Choice(List.of(Target.empty(worker.get(), name)), "")
        : Choice.none(name + " has no process now");
  }

  /**
   * Slots of found processes that are gone are history; an own one that was lost is to be filled.
   */
  private static boolean counts(Worker worker, Instance instance) {
    return instance.process() != null
        || (worker.owner() == Owner.AGENT && instance.liveness() == Liveness.LOST);
  }
}
