package io.selfheal.heal;

import io.selfheal.bus.Time;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.JobRequests.Unswept;
import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.StuckJob;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Rule;
import io.selfheal.rule.RuleBook;
import io.selfheal.rule.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The words of the tests: one worker {@code images} with the slot {@code images.1}. */
final class Scene {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  static final String SLOT = "images.1";
  static final HealConfig CONFIG =
      new HealConfig(
          5,
          Duration.ofMinutes(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          3,
          Duration.ofSeconds(10));

  /** No rules of a file. */
  static final RuleBook BOOK = new RuleBook(new Rules("", Limits.DEFAULT, List.of()));

  private Scene() {}

  /** An agent that does not ask for others. */
  static HostClaims alone() {
    return new HostClaims(List.of());
  }

  /** Another agent of the host has what the incident is about. */
  static Gate held(Gate gate) {
    return new Gate() {
      @Override
      public Pass judge(Turn turn, int index, SymptomEvent.Seen seen, Rule rule) {
        return gate.judge(turn, index, seen, rule);
      }

      @Override
      public boolean mayGoOn(Turn turn, SymptomEvent.Seen seen) {
        return false;
      }
    };
  }

  static ProcessIdentity process(long pid) {
    return new ProcessIdentity("boot", pid, pid * 100);
  }

  static WorkerEvent.Lost lost(long pid) {
    return lost(pid, Owner.AGENT);
  }

  static WorkerEvent.Lost lost(long pid, Owner owner) {
    return new WorkerEvent.Lost(
        "images", SLOT, process(pid), owner, "killed by signal 9", NOON, Duration.ofHours(3));
  }

  static WorkerEvent.Lost lost(String worker, long pid) {
    return new WorkerEvent.Lost(
        worker,
        worker + ".1",
        process(pid),
        Owner.AGENT,
        "killed by signal 9",
        NOON,
        Duration.ofHours(3));
  }

  static WorkerEvent.Unresponsive frozen(long pid) {
    return unwell(pid, Owner.AGENT, WorkerEvent.Unwell.FROZEN);
  }

  static WorkerEvent.Unresponsive silent(long pid, Owner owner) {
    return unwell(pid, owner, WorkerEvent.Unwell.SILENT);
  }

  static WorkerEvent.Unresponsive unwell(long pid, Owner owner, WorkerEvent.Unwell reason) {
    return new WorkerEvent.Unresponsive(
        "images", SLOT, process(pid), owner, reason, "state T", Duration.ofSeconds(5));
  }

  static WorkerEvent.Recovered recovered(long pid) {
    return new WorkerEvent.Recovered("images", SLOT, process(pid));
  }

  static JobEvent.Stuck stuck(String... ids) {
    List<StuckJob> jobs =
        List.of(ids).stream().map(id -> job(id, JobEvent.Effect.REQUEUE)).toList();
    return new JobEvent.Stuck("images", jobs.size(), jobs);
  }

  static JobEvent.Stuck stuckIn(String source, String id) {
    return new JobEvent.Stuck(source, 1, List.of(job(id, JobEvent.Effect.REQUEUE)));
  }

  static StuckJob job(String id, JobEvent.Effect effect) {
    return new StuckJob(
        "images",
        id,
        "4711",
        Duration.ofMinutes(1),
        null,
        1L,
        Verdict.of(Verdict.Ruling.DEAD, "pid 4711 is gone"),
        effect,
        "its holder is dead");
  }

  static Swept swept(boolean dryRun, String... ids) {
    List<StuckJob> jobs =
        List.of(ids).stream().map(id -> job(id, JobEvent.Effect.REQUEUE)).toList();
    return new Swept(dryRun, 1, 10, dryRun ? 0 : jobs.size(), jobs, 0, Map.of(), Map.of());
  }

  static Swept unreadable(boolean dryRun) {
    return unswept(dryRun, "images", new Unswept(true, Hindrance.AWAY), "PostgreSQL is away");
  }

  static Swept unswept(boolean dryRun, String source, Unswept one, String why) {
    return new Swept(dryRun, 1, 0, 0, List.of(), 0, Map.of(source, why), Map.of(source, one));
  }

  static List<Worker> workers(long pid, Liveness liveness) {
    Instance instance =
        new Instance(SLOT, process(pid), liveness, "python", NOON, null, List.of(), null, 0, null);
    return List.of(new Worker("images", "run", Owner.AGENT, 1, List.of(instance), null));
  }

  static List<Worker> noWorkers() {
    return List.of(new Worker("images", "run", Owner.AGENT, 1, List.of(), null));
  }

  /** A time that is turned by hand. */
  static final class Hands {
    private final AtomicLong nanos = new AtomicLong();

    void turn(Duration by) {
      nanos.addAndGet(by.toNanos());
    }

    Time time() {
      return new Time(() -> NOON.plusNanos(nanos.get()), nanos::get);
    }
  }
}
