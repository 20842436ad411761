package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.message.Incident;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.FoundIncident;
import io.selfheal.message.JournalRequests.Incidents;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.JournalRequests.Recalled;
import io.selfheal.message.JournalRequests.Remember;
import io.selfheal.message.JournalRequests.SaveIncident;
import io.selfheal.message.JournalRequests.Saved;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.StuckJob;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.StartInstance;
import io.selfheal.message.WorkerRequests.Workers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the healer meets, small: one slot, a disk that survives the agent, and jobs held by process
 * 4711. It counts its effects, and can let the agent die at any moment: from then on it answers
 * nothing.
 */
final class ToyWorld {
  final ConcurrentNavigableMap<String, Incident> disk = new ConcurrentSkipListMap<>();
  final Map<String, String> facts = new ConcurrentHashMap<>();
  final Map<String, Integer> requeues = new ConcurrentHashMap<>();
  final List<String> effects = new CopyOnWriteArrayList<>();
  final Set<ProcessIdentity> gone = new HashSet<>();
  final Set<String> stuck = new HashSet<>(Set.of("1", "2"));
  volatile Liveness liveness = Liveness.RUNNING;
  volatile boolean diskFull;
  volatile boolean databaseAway;
  private long pid = 4711;
  private int moment;
  private int deadly = -1;
  private boolean dead;
  private volatile CountDownLatch died = new CountDownLatch(1);

  ToyWorld(Bus bus) {
    bus.answer(JournalRequests.SAVE_INCIDENT, this::save);
    bus.answer(JournalRequests.INCIDENTS, this::incidents);
    bus.answer(
        JournalRequests.INCIDENT, query -> read(() -> new FoundIncident(disk.get(query.id()))));
    bus.answer(JournalRequests.REMEMBER, this::remember);
    bus.answer(JournalRequests.RECALL, query -> read(() -> new Recalled(facts.get(query.key()))));
    bus.answer(WorkerRequests.LIST, query -> read(this::workers));
    bus.answer(WorkerRequests.END, this::end);
    bus.answer(WorkerRequests.START, this::start);
    bus.answer(JobRequests.SWEEP, this::sweep);
  }

  /** The agent dies at its n-th moment: before and after each write and each effect. */
  synchronized void dieAt(int n) {
    moment = 0;
    deadly = n;
  }

  CountDownLatch died() {
    return died;
  }

  /** Another run of the agent begins, which does not die. */
  synchronized void live() {
    dead = false;
    deadly = -1;
    died = new CountDownLatch(1);
  }

  synchronized ProcessIdentity current() {
    return Scene.process(pid);
  }

  synchronized void kill() {
    gone.add(current());
  }

  private <R> Future<R> read(Supplier<R> answer) {
    synchronized (this) {
      return dead ? silence() : Future.succeededFuture(answer.get());
    }
  }

  /** Does it between two moments, at each of which the agent may die. */
  private synchronized <R> Future<R> effect(Supplier<Future<R>> deed) {
    if (dead || deadlyMoment()) {
      return silence();
    }
    Future<R> answer = deed.get();
    return deadlyMoment() ? silence() : answer;
  }

  private boolean deadlyMoment() {
    if (moment++ == deadly) {
      dead = true;
      died.countDown();
    }
    return dead;
  }

  private static <R> Future<R> silence() {
    return Promise.<R>promise().future();
  }

  private Future<Saved> save(SaveIncident query) {
    return effect(
        () -> {
          if (diskFull) {
            return Future.failedFuture(new IllegalStateException("no space left on device"));
          }
          disk.put(query.incident().id(), query.incident());
          return Future.succeededFuture(new Saved());
        });
  }

  private Future<Incidents> incidents(ListIncidents query) {
    return read(
        () -> {
          List<Incident> found =
              disk.descendingMap().values().stream()
                  .filter(one -> !query.openOnly() || !one.state().over())
                  .filter(one -> late(one, query.since()))
                  .filter(one -> query.before() == null || one.id().compareTo(query.before()) < 0)
                  .limit(2)
                  .toList();
          return new Incidents(found, found.size() < 2 ? null : found.getLast().id());
        });
  }

  private static boolean late(Incident one, @Nullable Instant since) {
    return since == null || one.closedAt() == null || !one.closedAt().isBefore(since);
  }

  private Future<Saved> remember(Remember query) {
    return read(
        () -> {
          if (query.value() == null) {
            facts.remove(query.key());
          } else {
            facts.put(query.key(), query.value());
          }
          return new Saved();
        });
  }

  private Workers workers() {
    return new Workers(gone.contains(current()) ? Scene.noWorkers() : Scene.workers(pid, liveness));
  }

  private Future<Ended> end(EndProcess query) {
    return effect(
        () -> {
          boolean news = gone.add(query.process());
          if (news) {
            effects.add("end " + query.process().pid());
          }
          return ended(news, query.process());
        });
  }

  private Future<Ended> start(StartInstance query) {
    return effect(
        () -> {
          boolean news = gone.contains(current());
          if (news) {
            pid++;
            liveness = Liveness.RUNNING;
            effects.add("start " + pid);
          }
          return ended(news, current());
        });
  }

  private static Future<Ended> ended(boolean news, @Nullable ProcessIdentity process) {
    Outcome outcome = news ? Outcome.DONE : Outcome.ALREADY_DONE;
    return Future.succeededFuture(new Ended(outcome, "as asked", process));
  }

  private Future<Swept> sweep(Sweep query) {
    if (query.dryRun()) {
      return read(() -> swept(true));
    }
    return effect(() -> Future.succeededFuture(swept(false)));
  }

  private Swept swept(boolean dryRun) {
    if (databaseAway) {
      return Scene.unreadable(dryRun);
    }
    boolean holderGone = gone.contains(Scene.process(4711));
    List<StuckJob> jobs =
        (holderGone ? stuck : Set.<String>of())
            .stream().map(id -> Scene.job(id, JobEvent.Effect.REQUEUE)).toList();
    if (!dryRun) {
      jobs.forEach(job -> requeues.merge(job.jobId(), 1, Integer::sum));
      jobs.forEach(job -> effects.add("requeue " + job.jobId()));
      jobs.forEach(job -> stuck.remove(job.jobId()));
    }
    return new Swept(dryRun, 1, 2, dryRun ? 0 : jobs.size(), jobs, 0, Map.of(), Map.of());
  }
}
