package io.selfheal.symptom;

import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.ListWorkers;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the tasks of a worker's control group wait for memory. */
final class GroupMemory implements Detector {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Choice workers;
  private final Stall stall;
  private Set<String> known = new HashSet<>();
  private @Nullable GroupPressure files;

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
    List<Reading> readings = new ArrayList<>();
    Set<String> now = new HashSet<>();
    for (Worker worker : found) {
      if (!workers.has(worker.id())) {
        continue;
      }
      for (Instance instance : worker.processes()) {
        ProcessIdentity process = instance.process();
        if (process != null) {
          String subject = Subject.worker(instance.instance());
          now.add(subject);
          readings.add(read(open, subject, process));
        }
      }
    }
    known.removeAll(now);
    known.forEach(gone -> readings.add(new Reading(gone, Presence.GONE, "the process has ended")));
    known = now;
    return readings;
  }

  private Reading read(GroupPressure open, String subject, ProcessIdentity process) {
    try {
      Path file = open.memory(process.pid());
      return stall.judge(
          subject,
          "its control group (" + file.getParent() + ")",
          GroupPressure.read(file),
          process);
    } catch (IOException notKnown) {
      String why = "nothing is known of its pressure: " + notKnown.getMessage();
      return new Reading(subject, Presence.UNKNOWN, why);
    }
  }
}
