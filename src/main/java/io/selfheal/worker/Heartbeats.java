package io.selfheal.worker;

import io.selfheal.message.WorkerRequests.Heartbeat;
import io.selfheal.message.WorkerRequests.HeartbeatAccepted;
import io.selfheal.message.WorkerRequests.Liveness;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes the signs of life that workers send. On the verticle's context. */
final class Heartbeats {
  static final int ANNOUNCED_MOST = 1_000;
  static final int JOBS_MOST = 1_000;
  static final int PROGRESS_MOST = 1_000;
  private static final int SLOTS_MOST = 256;
  private static final int ANCESTORS_MOST = 16;

  private final Tools tools;
  private final Roster roster;
  private final Watching watching;
  private final Searching searching;
  private final Sampling sampling;
  private final Draining draining;

  Heartbeats(
      Tools tools,
      Roster roster,
      Watching watching,
      Searching searching,
      Sampling sampling,
      Draining draining) {
    this.tools = tools;
    this.roster = roster;
    this.watching = watching;
    this.searching = searching;
    this.sampling = sampling;
    this.draining = draining;
  }

  /** Answers {@code worker.heartbeat}. */
  Future<HeartbeatAccepted> hear(Heartbeat beat) {
    Optional<String> problem = malformed(beat);
    if (problem.isPresent()) {
      return refused(problem.get());
    }
    Member member = roster.member(beat.worker());
    if (member == null) {
      if (announced() >= ANNOUNCED_MOST) {
        return refused("too many workers announced themselves: " + ANNOUNCED_MOST);
      }
      member = roster.join(WorkerConfig.announced(beat.worker()));
    }
    return beat.pid().isPresent()
        ? hear(member, beat, beat.pid().getAsLong())
        : Future.succeededFuture(withoutPid(member, beat));
  }

  private static Optional<String> malformed(Heartbeat beat) {
    if (!WorkerConfig.isName(beat.worker())) {
      return Optional.of("\"" + beat.worker() + "\" is not a name: a-z, 0-9, _ and -, at most 64");
    }
    if (beat.jobs().size() > JOBS_MOST) {
      return Optional.of("jobs: " + beat.jobs().size() + " are more than " + JOBS_MOST);
    }
    String progress = beat.progress();
    if (progress != null && progress.length() > PROGRESS_MOST) {
      return Optional.of("progress: more than " + PROGRESS_MOST + " characters");
    }
    return beat.pid().isPresent() && beat.pid().getAsLong() < 1
        ? Optional.of("pid: " + beat.pid().getAsLong() + " is not a process id")
        : Optional.empty();
  }

  private long announced() {
    return roster.members().stream()
        .filter(member -> member.config.way() instanceof WorkerConfig.Way.Announced)
        .count();
  }

  private HeartbeatAccepted withoutPid(Member member, Heartbeat beat) {
    List<Slot> living = member.living().toList();
    if (living.size() == 1) {
      return accept(living.getFirst(), beat);
    }
    if (member.config.way() instanceof WorkerConfig.Way.Announced && living.isEmpty()) {
      // Nothing can be proved of it, nor done: it is shown, and never judged.
      Slot slot = roster.slot(member, member.config.name(), tools.time().now());
      slot.gone = Liveness.RUNNING;
      return accept(slot, beat);
    }
    return refusal(
        member.config.name() + " has " + living.size() + " processes: say which by its pid");
  }

  private Future<HeartbeatAccepted> hear(Member member, Heartbeat beat, long pid) {
    Optional<Slot> slot = roster.byPid(pid).filter(one -> one.worker.equals(member.config));
    if (slot.isPresent()) {
      return Future.succeededFuture(accept(slot.get(), beat));
    }
    return tools
        .blocking(() -> lineage(pid))
        .compose(
            lineage -> {
              if (lineage.isEmpty()) {
                return refused("pid " + pid + " does not exist on this host");
              }
              return ofLineage(member, beat, lineage);
            });
  }

  private Future<HeartbeatAccepted> ofLineage(
      Member member, Heartbeat beat, List<ProcStat> lineage) {
    Optional<Slot> slot = ancestor(member, lineage);
    if (slot.isPresent()) {
      return Future.succeededFuture(accept(slot.get(), beat));
    }
    if (member.config.way() instanceof WorkerConfig.Way.Announced) {
      return Future.succeededFuture(announce(member, beat, lineage.getFirst()));
    }
    // It may have started since the last scan.
    Future<Void> searched =
        searching.looksFor(member) ? searching.search(Duration.ZERO) : Future.succeededFuture();
    return searched.map(
        done ->
            ancestor(member, lineage)
                .map(found -> accept(found, beat))
                .orElseGet(
                    () ->
                        refusal(
                            "pid "
                                + lineage.getFirst().pid()
                                + " is not a process of "
                                + member.config.name()
                                + ", nor started by one")));
  }

  /** The process and those that started it; blocks. Empty when it does not exist. */
  private List<ProcStat> lineage(long pid) {
    List<ProcStat> lineage = new ArrayList<>();
    long next = pid;
    while (next > 1 && lineage.size() < ANCESTORS_MOST) {
      Optional<ProcStat> stat = tools.proc().stat(next).filter(one -> !one.ended());
      if (stat.isEmpty()) {
        break;
      }
      lineage.add(stat.get());
      next = stat.get().parent();
    }
    return lineage;
  }

  private Optional<Slot> ancestor(Member member, List<ProcStat> lineage) {
    return lineage.stream()
        .map(stat -> roster.byProcess(stat.identity(tools.proc().bootId())))
        .flatMap(Optional::stream)
        .filter(slot -> slot.worker.equals(member.config))
        .findFirst();
  }

  private HeartbeatAccepted announce(Member member, Heartbeat beat, ProcStat stat) {
    if (member.living().count() >= SLOTS_MOST) {
      return refusal(member.config.name() + " has " + SLOTS_MOST + " processes already");
    }
    if (roster.byProcess(stat.identity(tools.proc().bootId())).isPresent()) {
      return refusal("pid " + stat.pid() + " is a process of another worker");
    }
    Slot slot = roster.slot(member, member.config.name() + "@" + stat.pid(), tools.time().now());
    if (watching.found(slot, stat).isEmpty()) {
      return refusal("pid " + stat.pid() + " does not exist on this host");
    }
    return accept(slot, beat);
  }

  private HeartbeatAccepted accept(Slot slot, Heartbeat beat) {
    slot.beatMark = tools.time().mark();
    slot.jobs = List.copyOf(beat.jobs());
    slot.progress = beat.progress();
    boolean drain = false;
    if (slot.watched != null) {
      sampling.heard(slot, slot.watched);
      drain = draining.heard(slot.watched, slot.jobs);
    }
    Duration every = slot.worker.beat().orElse(WorkersConfig.DEFAULT_BEAT).every();
    return new HeartbeatAccepted(true, slot.instance, null, every, drain);
  }

  private static HeartbeatAccepted refusal(String problem) {
    return new HeartbeatAccepted(false, null, problem, WorkersConfig.DEFAULT_BEAT.every());
  }

  private static Future<HeartbeatAccepted> refused(String problem) {
    return Future.succeededFuture(refusal(problem));
  }
}
