package io.selfheal.symptom;

import io.selfheal.symptom.Probe.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * All probes of a rule. Several processes are asked at the same time, each on a thread of its own;
 * a virtual one would be held by the start of a program on a disk that does not answer, see {@link
 * Looks}.
 */
final class Probes implements AutoCloseable {
  private final List<Probe> all;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("selfheal-probe-", 1).factory());

  private Probes(List<Probe> all) {
    this.all = List.copyOf(all);
  }

  static Probes of(Optional<String> http, List<String> command, Duration limit) {
    List<Probe> all = new ArrayList<>();
    http.ifPresent(address -> all.add(new HttpProbe(address, limit)));
    if (!command.isEmpty()) {
      all.add(new CommandProbe(command, limit));
    }
    return new Probes(all);
  }

  boolean none() {
    return all.isEmpty();
  }

  /** Whether each probe asks one process only. */
  boolean tellApart() {
    return all.stream()
        .allMatch(probe -> probe.templates().stream().anyMatch(ProbeTarget::tellsApart));
  }

  /** The answers, by instance. */
  Map<String, Answer> ask(List<ProbeTarget> targets) throws InterruptedException {
    List<Callable<Answer>> questions = new ArrayList<>();
    targets.forEach(target -> questions.add(() -> ask(target)));
    List<Future<Answer>> answers = threads.invokeAll(questions);
    Map<String, Answer> byInstance = new TreeMap<>();
    for (int i = 0; i < targets.size(); i++) {
      byInstance.put(targets.get(i).instance(), answer(answers.get(i)));
    }
    return byInstance;
  }

  private static Answer answer(Future<Answer> done) throws InterruptedException {
    try {
      return done.get();
    } catch (ExecutionException failure) {
      return new Answer.Unasked("the probe failed: " + failure.getCause());
    }
  }

  /** The first that is not well speaks for all. */
  private Answer ask(ProbeTarget target) throws InterruptedException {
    Answer last = new Answer.Unasked("there is no probe");
    for (Probe probe : all) {
      last = probe.ask(target);
      if (!(last instanceof Answer.Well)) {
        return last;
      }
    }
    return last;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    all.forEach(Probe::close);
  }
}
