package io.selfheal.symptom;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.ListWorkers;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the tasks of a worker's control group wait for memory. It looks each second for the means
 * and for who is in which group; the kernel's word comes in between, on another thread, so that
 * what both need is locked, never while it asks or reads.
 */
final class GroupMemory implements Triggered {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Choice workers;
  private final Stall stall;
  private @Nullable GroupPressure files;
  private List<Seated> seated = List.of();
  private Map<Trigger, StallWord> words = new HashMap<>();
  private Map<Trigger, String> refusals = Map.of();

  /**
   * A process as it was looked at.
   *
   * @param group empty when nothing is known of it
   */
  private record Seated(
      Stall.Tasks tasks, Optional<GroupPressure.Group> group, Stall.Known looked) {}

  GroupMemory(Choice workers, Stall stall) {
    this.workers = workers;
    this.stall = stall;
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(EVERY);
  }

  @Override
  public List<Reading> look(Surroundings around) throws Exception {
    List<Worker> found = Answers.of(around, WorkerRequests.LIST, new ListWorkers()).workers();
    GroupPressure open = files == null ? GroupPressure.ofThisMachine() : files;
    files = open;
    List<Seated> now = new ArrayList<>();
    for (Worker worker : found) {
      if (workers.has(worker.id())) {
        for (Instance instance : worker.processes()) {
          ProcessIdentity process = instance.process();
          if (process != null) {
            now.add(seat(open, Subject.worker(instance.instance()), process));
          }
        }
      }
    }
    return settle(now, around.time().mark());
  }

  private Seated seat(GroupPressure open, String subject, ProcessIdentity process) {
    try {
      GroupPressure.Group group = open.group(process.pid());
      String whose = "its control group (" + group.file().getParent() + ")";
      return new Seated(
          new Stall.Tasks(subject, whose, process),
          Optional.of(group),
          new Stall.Known(GroupPressure.read(group.file()), "", StallWord.NONE, null));
    } catch (IOException notKnown) {
      String why = "nothing is known of its pressure: " + notKnown.getMessage();
      return new Seated(
          new Stall.Tasks(subject, "", process),
          Optional.empty(),
          new Stall.Known(null, why, StallWord.NONE, null));
    }
  }

  private synchronized List<Reading> settle(List<Seated> now, long mark) {
    Set<String> before = subjects(seated);
    seated = List.copyOf(now);
    words.keySet().retainAll(triggers());
    List<Reading> readings = new ArrayList<>();
    seated.forEach(each -> stall.read(each.tasks(), known(each), mark).ifPresent(readings::add));
    before.removeAll(subjects(now));
    before.forEach(gone -> readings.add(new Reading(gone, Presence.GONE, "the process has ended")));
    return readings;
  }

  private static Set<String> subjects(List<Seated> seated) {
    Set<String> all = new HashSet<>();
    seated.forEach(each -> all.add(each.tasks().subject()));
    return all;
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    return event instanceof HostEvent.Stalled stalled ? told(stalled, around) : List.of();
  }

  private synchronized List<Reading> told(HostEvent.Stalled stalled, Surroundings around) {
    if (!stall.heeds(stalled)) {
      return List.of();
    }
    long mark = around.time().mark();
    List<Reading> readings = new ArrayList<>();
    for (Seated each : seated) {
      trigger(each)
          .filter(trigger -> trigger.file().equals(Path.of(stalled.file())))
          .ifPresent(
              trigger -> {
                words.put(trigger, new StallWord(around.time().now(), mark));
                readings.add(stall.told(each.tasks(), known(each)));
              });
    }
    return readings;
  }

  private Stall.Known known(Seated each) {
    Optional<Trigger> trigger = trigger(each);
    return new Stall.Known(
        each.looked().means(),
        each.looked().missing(),
        trigger.map(words::get).orElse(StallWord.NONE),
        trigger.map(refusals::get).orElse(null));
  }

  private Optional<Trigger> trigger(Seated each) {
    return each.group()
        .flatMap(
            group -> stall.limit().map(limit -> new Trigger(group.file(), group.made(), limit)));
  }

  @Override
  public synchronized Set<Trigger> triggers() {
    return seated.stream()
        .flatMap(each -> trigger(each).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public synchronized void refused(Map<Trigger, String> why) {
    refusals = why;
  }
}
