package io.selfheal.symptom;

import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.ListWorkers;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import io.selfheal.symptom.Probe.Answer;
import io.selfheal.symptom.WorkerUnresponsive.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Probes the processes of one worker, and follows what they say of themselves. */
final class UnresponsiveDetector implements Detector {
  private final String worker;
  private final Duration every;
  private final Limits limits;
  private final Probes probes;
  private final Map<String, ProcessCourse> courses = new LinkedHashMap<>();
  private final Former former = new Former();

  UnresponsiveDetector(String worker, Duration every, Limits limits, Probes probes) {
    this.worker = worker;
    this.every = every;
    this.limits = limits;
    this.probes = probes;
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(every);
  }

  @Override
  public List<Reading> look(Surroundings around) throws TimeoutException, InterruptedException {
    Optional<Worker> known =
        Answers.of(around, WorkerRequests.LIST, new ListWorkers()).workers().stream()
            .filter(one -> one.id().equals(worker))
            .findFirst();
    if (known.isEmpty()) {
      return List.of(unknown(worker, "no worker is named " + worker));
    }
    List<Instance> slots = known.get().processes();
    missing(slots);
    List<Reading> readings = new ArrayList<>();
    List<Instance> judged = new ArrayList<>();
    for (Instance one : slots) {
      if (one.process() == null && Former.isFound(one.instance())) {
        continue;
      }
      Optional<String> why = unjudged(one, slots, around);
      why.ifPresent(reason -> readings.add(suspended(one, reason, around)));
      if (why.isEmpty()) {
        judged.add(one);
      }
    }
    Map<String, Answer> answers = ask(judged);
    judged.forEach(one -> readings.add(read(one, answers.get(one.instance()), around)));
    readings.addAll(former.readings(courses.values()));
    return readings;
  }

  /** Why nothing can be said of it; empty when something can. */
  private Optional<String> unjudged(Instance one, List<Instance> slots, Surroundings around) {
    if (one.process() == null) {
      return Optional.of("it has no process now");
    }
    if (around.starved().isPresent()) {
      return around.starved();
    }
    if (one.liveness() == Liveness.FROZEN) {
      return Optional.of("it is stopped by a signal or its freezer");
    }
    long living = slots.stream().filter(slot -> slot.process() != null).count();
    return living > 1 && !probes.none() && !probes.tellApart()
        ? Optional.of(
            "the probe cannot tell " + living + " processes apart: write {pid} or {number} in it")
        : Optional.empty();
  }

  private Map<String, Answer> ask(List<Instance> judged) throws InterruptedException {
    List<ProbeTarget> targets = new ArrayList<>();
    for (Instance one : judged) {
      ProcessIdentity process = one.process();
      if (process != null && !probes.none()) {
        targets.add(new ProbeTarget(one.instance(), process.pid()));
      }
    }
    return probes.ask(targets);
  }

  private Reading read(Instance one, @Nullable Answer answer, Surroundings around) {
    ProcessIdentity process = one.process();
    if (process == null) {
      return unknown(one.instance(), "it has no process now");
    }
    long mark = around.time().mark();
    ProcessCourse course = course(one.instance(), process, mark);
    course = course.heard(one.jobs(), one.progress(), mark);
    course = answer == null ? course : course.probed(answer);
    courses.put(one.instance(), course);
    return new Responsiveness(limits).of(one, course, mark);
  }

  private ProcessCourse course(String instance, ProcessIdentity process, long mark) {
    ProcessCourse before = courses.get(instance);
    return before != null && before.process().equals(process)
        ? before
        : ProcessCourse.of(process, mark);
  }

  private Reading suspended(Instance one, String why, Surroundings around) {
    long mark = around.time().mark();
    ProcessIdentity process = one.process();
    if (process == null) {
      return unknown(one.instance(), why);
    }
    courses.put(one.instance(), course(one.instance(), process, mark).suspended(mark));
    return unknown(one.instance(), why);
  }

  /**
   * A found process that is gone has a subject of its own; a slot that is empty is filled again.
   */
  private void missing(List<Instance> slots) {
    Set<String> missing = new HashSet<>(courses.keySet());
    for (Instance one : slots) {
      if (one.process() != null) {
        missing.remove(one.instance());
        former.remove(one.instance());
      }
    }
    for (String instance : missing) {
      ProcessCourse course = courses.remove(instance);
      if (course != null && Former.isFound(instance)) {
        former.add(instance, course);
      }
    }
  }

  private static Reading unknown(String instance, String why) {
    return new Reading(Subject.worker(instance), Presence.UNKNOWN, why);
  }

  @Override
  public void close() {
    probes.close();
  }
}
