package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.job.Blockade.Seen;
import io.selfheal.job.PgBackends.Waits;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.TraceRequests.Client;
import io.selfheal.message.TraceRequests.HolderProcess;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, in one pass over a source, whether late jobs are blocked by locks in the database. The
 * database is asked only when a job is late whose holder is not dead, and once a pass. A failure
 * stops nothing: what cannot be read is not known, and then age alone rescues nobody. Waits; use it
 * on a virtual thread.
 */
final class LockLook {
  private static final Logger LOG = LoggerFactory.getLogger(LockLook.class);

  /** Waits whose blockers are asked for in one pass: each stops the database's locking shortly. */
  private static final int MOST_ASKED = 20;

  /** A waits for B, who waits for C, who does not wait. */
  private static final int LONGEST_CHAIN = 3;

  /** Ages are read at different moments. */
  private static final Duration MARGIN = Duration.ofSeconds(1);

  /** Waits that were read longer before the jobs say nothing of them. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final SourceConfig config;
  private final PgBackends backends;
  private final Tracer tracer;
  private final Time time;
  private final Map<Integer, List<Blocker>> blockers = new HashMap<>();
  private @Nullable Read read;

  LockLook(SourceConfig config, PgBackends backends, Bus bus, Time time) {
    this.config = config;
    this.backends = backends;
    this.tracer = new Tracer(bus);
    this.time = time;
  }

  private sealed interface Read {
    /** Read at that mark. */
    record Done(Waits waits, long mark) implements Read {}

    record Failed(String why) implements Read {}
  }

  /**
   * The same judgements, with what the database and the processes say of those that are not dead.
   *
   * @param mark when the jobs were read
   */
  List<Judgement> weigh(List<Judgement> late, Holders holders, long mark) {
    List<Judgement> open =
        late.stream().filter(one -> one.verdict().ruling() != Ruling.DEAD).toList();
    if (open.isEmpty()) {
      return late;
    }
    Map<Candidate, HolderProcess> processes = tracer.processes(open, holders);
    List<Judgement> moved = late.stream().map(one -> Weighing.moved(one, processes)).toList();
    return switch (read(mark)) {
      case Read.Failed(String why) -> moved.stream().map(one -> Weighing.blind(one, why)).toList();
      case Read.Done done -> weigh(moved, processes, holders, mark, done);
    };
  }

  private List<Judgement> weigh(
      List<Judgement> late,
      Map<Candidate, HolderProcess> processes,
      Holders holders,
      long mark,
      Read.Done done) {
    Blockade blockade = blockade(late, processes, done.waits);
    Duration lag = Duration.ofNanos(Math.max(0, done.mark - mark)).plus(MARGIN);
    Map<Candidate, Seen> blocked = new LinkedHashMap<>();
    for (Judgement one : late) {
      HolderProcess process = processes.get(one.job());
      Duration within = holders.takenWithin(one.job(), config.layout().timesByDatabase());
      blockade
          .of(
              one,
              process == null ? null : process.process(),
              within == null ? null : within.plus(lag))
          .ifPresent(seen -> blocked.put(one.job(), seen));
    }
    Blockers known = blockers(done.waits, blocked);
    List<Judgement> weighed = new ArrayList<>(late.size());
    for (Judgement one : late) {
      Seen seen = blocked.get(one.job());
      weighed.add(
          seen == null
              ? Weighing.unblocked(one, done.waits)
              : Weighing.blocked(one, seen, blockade, known, done.waits));
    }
    return weighed;
  }

  /** Once a pass, and again in a long one: what waits is asked about jobs that were read before. */
  private Read read(long mark) {
    Read before = read;
    if (before instanceof Read.Failed
        || (before instanceof Read.Done done && mark - done.mark < FRESH.toNanos())) {
      return before;
    }
    Read now;
    try {
      Waits waits = Waiting.on(backends.waits(), "read who waits for locks");
      now = new Read.Done(waits, time.mark());
    } catch (SourceFailed failure) {
      LOG.debug("Lock waits of {} are not known", config.name(), failure);
      now = new Read.Failed(String.valueOf(failure.getMessage()));
    }
    read = now;
    return now;
  }

  /**
   * All processes of the host are looked at only where it matters whether a connection is of none
   * of the worker's.
   */
  private Blockade blockade(
      List<Judgement> late, Map<Candidate, HolderProcess> processes, Waits waits) {
    String worker = config.holding().worker();
    boolean all = worker != null && late.stream().anyMatch(Judgement::guess);
    Set<ProcessIdentity> holders = new HashSet<>();
    for (Judgement one : late) {
      HolderProcess process = processes.get(one.job());
      if (one.verdict().ruling() == Ruling.ALIVE && process != null && process.process() != null) {
        holders.add(process.process());
      }
    }
    Duration enough = Blockade.enough(config.limits().stuckAfter());
    List<LockWait> lasting = waits.waits().stream().filter(one -> one.lasts(enough)).toList();
    List<Client> clients = tracer.clients(waits, lasting, holders, all);
    List<Seen> seen = new ArrayList<>();
    for (int i = 0; i < lasting.size(); i++) {
      seen.add(new Seen(lasting.get(i), clients.get(i)));
    }
    return new Blockade(worker, seen);
  }

  private Blockers blockers(Waits waits, Map<Candidate, Seen> blocked) {
    Set<Integer> waiting = waits.waits().stream().map(LockWait::pid).collect(Collectors.toSet());
    Blockers known = new Blockers(waiting, blockers);
    Set<Integer> next =
        blocked.values().stream().map(seen -> seen.lock().pid()).collect(Collectors.toSet());
    for (int round = 0; round < LONGEST_CHAIN && !next.isEmpty(); round++) {
      if (!ask(next)) {
        break;
      }
      next = known.unknown(next);
    }
    return known;
  }

  private boolean ask(Set<Integer> pids) {
    Set<Integer> asked = new HashSet<>();
    for (int pid : pids) {
      if (!blockers.containsKey(pid) && blockers.size() + asked.size() < MOST_ASKED) {
        asked.add(pid);
      }
    }
    if (asked.isEmpty()) {
      return true;
    }
    try {
      Map<Integer, List<Blocker>> answer =
          Waiting.on(backends.blockers(asked), "read who blocks them");
      asked.forEach(pid -> blockers.put(pid, answer.getOrDefault(pid, List.of())));
      return true;
    } catch (SourceFailed failure) {
      LOG.debug("Blockers are not known", failure);
      return false;
    }
  }
}
