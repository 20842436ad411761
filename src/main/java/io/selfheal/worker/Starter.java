package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests.Ended;
import io.selfheal.message.WorkerRequests.StartInstance;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts processes, of the agent's own workers and of systemd's. */
final class Starter {
  private static final Logger LOG = LoggerFactory.getLogger(Starter.class);

  private final Tools tools;
  private final Roster roster;
  private final Watching watching;
  private final Searching searching;
  private final Launcher launcher;
  private final UnitWork work = new UnitWork();
  private final String home;

  Starter(
      Tools tools,
      Roster roster,
      Watching watching,
      Searching searching,
      Launcher launcher,
      String home) {
    this.tools = tools;
    this.roster = roster;
    this.watching = watching;
    this.searching = searching;
    this.launcher = launcher;
    this.home = home;
  }

  /** Answers {@code worker.start}. */
  Future<Ended> start(StartInstance query) {
    Member member = roster.member(query.worker());
    if (member == null) {
      return answer(Outcome.REFUSED, "no worker is called " + query.worker(), null);
    }
    return switch (member.config.way()) {
      case WorkerConfig.Way.Run run -> instance(member, run, query);
      case WorkerConfig.Way.Unit unit -> unit(member, unit.unit(), query);
      case WorkerConfig.Way.PidFile file -> notOurs(member);
      case WorkerConfig.Way.Command command -> notOurs(member);
      case WorkerConfig.Way.Announced announced -> notOurs(member);
    };
  }

  private static Future<Ended> notOurs(Member member) {
    return answer(
        Outcome.REFUSED,
        "nobody told me how to start "
            + member.config.name()
            + ": give it run.command or match.unit in the configuration",
        null);
  }

  private Future<Ended> instance(Member member, WorkerConfig.Way.Run run, StartInstance query) {
    Slot slot = member.slots.get(query.instance());
    if (slot == null) {
      return answer(
          Outcome.REFUSED, member.config.name() + " has no instance " + query.instance(), null);
    }
    LOG.debug("{} is to be started: {}", slot.instance, query.reason());
    return launch(slot, run, query.replaces())
        .onSuccess(
            ended -> {
              if (ended.outcome() == Outcome.DONE) {
                slot.restarts++;
              }
            });
  }

  /** Fills an empty slot, unless a process with its marks already runs. */
  Future<Ended> launch(Slot slot, WorkerConfig.Way.Run run, @Nullable ProcessIdentity replaces) {
    Watched now = slot.watched;
    if (now != null) {
      return now.process.equals(replaces)
          ? answer(Outcome.DEFERRED, replaces + " still exists: end it first", now.process)
          : answer(Outcome.ALREADY_DONE, slot.instance + " is " + now.process, now.process);
    }
    if (slot.starting != null) {
      return slot.starting;
    }
    Marks marks = new Marks(slot.worker.name(), slot.instance, home);
    Future<Ended> starting =
        tools
            .blocking(() -> attempt(run, marks))
            .otherwise(
                failure -> new Attempt(Optional.empty(), null, slot.instance + ": " + failure))
            .map(attempt -> settle(slot, attempt))
            .onComplete(done -> slot.starting = null);
    slot.starting = starting.isComplete() ? null : starting;
    return starting;
  }

  /** What came of an attempt: a process that was there, one that was started, or neither. */
  private record Attempt(Optional<ProcStat> stat, @Nullable Process child, String problem) {}

  private Attempt attempt(WorkerConfig.Way.Run run, Marks marks) {
    Optional<ProcStat> there =
        ProcScanner.marked(tools.proc(), home).stream()
            .filter(found -> found.marks().equals(marks))
            .map(ProcScanner.Marked::stat)
            .findFirst();
    if (there.isPresent()) {
      return new Attempt(there, null, "");
    }
    return switch (launcher.launch(run, marks)) {
      case Launcher.Launched.Failed failed -> new Attempt(Optional.empty(), null, failed.why());
      case Launcher.Launched.Running running -> {
        Process child = running.process();
        Optional<ProcStat> stat = tools.proc().stat(child.pid());
        yield new Attempt(stat, child, stat.isPresent() ? "" : endedAtOnce(marks.instance()));
      }
    };
  }

  private String endedAtOnce(String instance) {
    return instance + " ended at once; see " + launcher.log(instance);
  }

  private Ended settle(Slot slot, Attempt attempt) {
    Watched now = slot.watched;
    if (now != null) {
      // It was found while it was looked for here: watched twice, it would be missed twice.
      return new Ended(Outcome.ALREADY_DONE, slot.instance + " is " + now.process, now.process);
    }
    String problem = attempt.problem;
    if (attempt.stat.isPresent()) {
      Process child = attempt.child;
      Optional<ProcessIdentity> process =
          child == null
              ? watching.found(slot, attempt.stat.get())
              : watching.started(slot, attempt.stat.get(), child);
      if (process.isPresent()) {
        problem(slot, "");
        return new Ended(
            child == null ? Outcome.ALREADY_DONE : Outcome.DONE,
            slot.instance + " is " + process.get(),
            process.get());
      }
      problem = endedAtOnce(slot.instance);
    }
    problem(slot, problem);
    return new Ended(Outcome.FAILED, problem, null);
  }

  private void problem(Slot slot, String problem) {
    watching.problems().set(slot.instance, problem);
    Member member = roster.member(slot.worker.name());
    if (member != null) {
      member.problem = problem;
    }
  }

  private Future<Ended> unit(Member member, String unit, StartInstance query) {
    Optional<Slot> other =
        member
            .living()
            .filter(slot -> slot.watched != null && !slot.watched.process.equals(query.replaces()))
            .findFirst();
    if (other.isPresent() && other.get().watched != null) {
      ProcessIdentity process = other.get().watched.process;
      return answer(Outcome.ALREADY_DONE, unit + " runs as " + process, process);
    }
    if (member.living().findAny().isPresent()) {
      return answer(
          Outcome.DEFERRED, query.replaces() + " still exists: end it first", query.replaces());
    }
    LOG.debug("{} is to be started: {}", unit, query.reason());
    UnitGone gone = UnitGone.of(query.replaces(), query.ended(), member.restarted, member.newest);
    return tools
        .blocking(() -> work.revive(unit, gone))
        .compose(result -> revived(member, unit, query.instance(), result));
  }

  private Future<Ended> revived(
      Member member, String unit, String instance, Systemctl.Result result) {
    boolean runs = result.outcome() == Outcome.DONE || result.outcome() == Outcome.ALREADY_DONE;
    if (!runs) {
      return answer(result.outcome(), result.detail(), null);
    }
    Slot before = member.slots.get(instance);
    if (before != null && result.outcome() == Outcome.DONE) {
      before.restarts++;
    }
    return searching
        .search(Duration.ZERO)
        .compose(
            searched -> {
              Optional<ProcessIdentity> process =
                  member
                      .living()
                      .flatMap(slot -> Optional.ofNullable(slot.watched).stream())
                      .map(watched -> watched.process)
                      .findFirst();
              return process.isPresent()
                  ? answer(result.outcome(), result.detail(), process.get())
                  : missing(unit);
            });
  }

  private Future<Ended> missing(String unit) {
    return tools
        .blocking(() -> work.missing(unit))
        .map(result -> new Ended(result.outcome(), result.detail(), null));
  }

  private static Future<Ended> answer(
      Outcome outcome, String detail, @Nullable ProcessIdentity process) {
    return Future.succeededFuture(new Ended(outcome, detail, process));
  }
}
