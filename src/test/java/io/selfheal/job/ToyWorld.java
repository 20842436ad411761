package io.selfheal.job;

import io.selfheal.job.ToyLibrary.Fate;
import io.selfheal.job.ToyLibrary.Late;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerEvent.End;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Verdicts;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Worker processes, a library and two agents on one database. */
final class ToyWorld implements AutoCloseable {
  static final String HERE = "here";

  /** A machine of which the agents know nothing. */
  private static final String ELSEWHERE = "elsewhere";

  /** More than any history has takes. */
  static final int MANY = 1000;

  static final int FEW = 2;

  private static final int FIRST_PID = 11;
  private static final Duration MARGIN = Duration.ofMillis(100);

  /** All brakes are released after so long, and every job that runs has run for too long. */
  static final Duration REST = Duration.ofMinutes(2);

  private final ToyLibrary library;
  private final ToyGround ground;
  private final ToyAgents agents;
  private final ToyTruth truth;
  private final ToyOwn own;
  private final List<ToyProcess> born = new ArrayList<>();
  private final ToyProcess[] slots;
  private long clock;

  ToyWorld(ToyLibrary library, ToyTerms terms) throws SQLException {
    this.library = library;
    ground = ToyGround.of(library);
    truth = new ToyTruth(library, terms);
    own = new ToyOwn(ground);
    agents = new ToyAgents(ground, terms, this::verdicts);
    // Where no row names a process, a job is free only when all older ones are gone.
    slots = new ToyProcess[library.namesHolder() ? 4 : 2];
    for (int slot = 0; slot < slots.length; slot++) {
      bear(slot);
    }
  }

  private void bear(int slot) throws SQLException {
    List<ToyProcess> gone = born.stream().filter(one -> !one.alive() && !one.half()).toList();
    born.removeAll(gone);
    for (ToyProcess one : gone) {
      ground.giveBack(one.end());
    }
    String host = slot == 3 ? ELSEWHERE : HERE;
    ToyProcess process = new ToyProcess(host, FIRST_PID + slot, clock, library, ground.borrow());
    born.add(process);
    slots[slot] = process;
  }

  ToyProcess process(int number) {
    return slots[number % slots.length];
  }

  /** Whether no row names a process. */
  boolean crew() {
    return !library.namesHolder();
  }

  int slots() {
    return slots.length;
  }

  /** A living process without a job; if need be, one is killed, and another comes. */
  ToyProcess free(int number) throws SQLException {
    for (ToyProcess process : slots) {
      if (process.alive() && process.job() == null) {
        return process;
      }
    }
    for (ToyProcess process : slots) {
      if (!process.alive()) {
        rebirth(process);
        return process(process.pid - FIRST_PID);
      }
    }
    ToyProcess killed = process(number);
    die(killed, false);
    rebirth(killed);
    return process(number);
  }

  /** While it passes nothing is heard of the jobs that are at work. */
  void pass(Duration time) {
    clock += time.toNanos();
    agents.pass(time);
    if (time.compareTo(ToyTerms.STUCK_AFTER) > 0) {
      born.forEach(ToyProcess::fallSilent);
    }
  }

  ToyAgents agents() {
    return agents;
  }

  void add(int attempts) throws SQLException {
    truth.added(ground.add(attempts), attempts);
  }

  /** The process takes a job, unless it has one; when none is ready, one comes. */
  void take(ToyProcess process, boolean longAgo) throws SQLException {
    if (process.alive() && process.job() == null && !taken(process, longAgo)) {
      add(MANY);
    }
  }

  /** Takes a job, if one is ready. */
  boolean taken(ToyProcess process, boolean longAgo) throws SQLException {
    String job = process.take(longAgo);
    if (job != null) {
      truth.taken(job, process);
    }
    return job != null;
  }

  void beat(ToyProcess process) throws SQLException {
    // One that has lost its job may not know it yet; its worker beats on.
    if (works(process) && !lost(process)) {
      process.beat();
    }
  }

  void begin(ToyProcess process) throws SQLException {
    if (!works(process)) {
      return;
    }
    String job = String.valueOf(process.job());
    Fate fate = ground.fates().get(job);
    boolean lost = truth.lost(process, fate);
    truth.sent(job, process, lost, fate, process.begin());
  }

  /** Whether it thinks that it has a job, and has lost it. */
  boolean lost(ToyProcess process) throws SQLException {
    return process.alive()
        && process.job() != null
        && truth.mayLose(process)
        && truth.lost(process, ground.fates().get(process.job()));
  }

  /** Whether it is at work on a job whose row nobody else has locked: it would wait for ever. */
  private boolean works(ToyProcess process) {
    String job = process.job();
    return process.alive() && job != null && !own.at(job) && !half(job);
  }

  private boolean half(String job) {
    return born.stream().anyMatch(one -> one.half() && job.equals(one.job()));
  }

  void finish(ToyProcess process) throws SQLException {
    String job = process.job();
    if (job != null && process.half()) {
      process.commit();
      truth.completed(job);
    }
  }

  /** The process of the slot is killed; what it sent is rolled back unless {@code late}. */
  void die(ToyProcess process, boolean late) throws SQLException {
    if (process.alive()) {
      truth.died(process);
    }
    process.die();
    if (process.half() && !late) {
      process.rollback();
    }
  }

  /** Another process gets the pid of one that is gone. */
  void rebirth(ToyProcess process) throws SQLException {
    if (!process.alive()) {
      bear(process.pid - FIRST_PID);
    }
  }

  /** What the dead sent last comes, or never will. */
  void settle(boolean commits) throws SQLException {
    for (ToyProcess process : born) {
      if (process.alive() || !process.half()) {
        continue;
      }
      if (commits) {
        finish(process);
      } else {
        process.rollback();
      }
    }
  }

  /** The library itself revives the orphans of the dead; the commit follows later. */
  void ownBegins() throws SQLException {
    ownBegins(orphans());
  }

  void ownBegins(List<String> orphans) throws SQLException {
    own.begin(orphans);
  }

  /** Jobs that are held by the dead, and whose rows nobody has locked. */
  List<String> orphans() throws SQLException {
    Map<String, Fate> fates = ground.fates();
    List<String> orphans = new ArrayList<>();
    for (Map.Entry<String, ToyProcess> attempt : truth.attempts().entrySet()) {
      String job = attempt.getKey();
      if (!attempt.getValue().alive() && fates.get(job) == Fate.RUNNING && !half(job)) {
        orphans.add(job);
      }
    }
    return orphans;
  }

  void ownEnds(boolean commits) throws SQLException {
    own.end(commits);
    // A row that somebody has locked is no reason to wait: such a completion may be of any state.
    if (library.late() != Late.THE_JOB || born.stream().noneMatch(ToyProcess::half)) {
      ground.execute(library.due());
    }
  }

  /** A sweep has ended: what living processes work on is theirs still. */
  void swept() throws SQLException {
    Map<String, Fate> fates = ground.fates();
    for (ToyProcess process : born) {
      String job = process.job();
      if (process.alive() && job != null) {
        truth.kept(job, process, fates.get(job));
      }
    }
  }

  /** As the watch of workers judges what it sees: pids and the times of starts, no more. */
  private Verdicts verdicts(JudgeHolders question) {
    return new Verdicts(question.holders().stream().map(this::verdict).toList());
  }

  private Verdict verdict(Holder holder) {
    if (ELSEWHERE.equals(holder.host())) {
      return Verdict.of(Ruling.UNKNOWN, "nothing is known of " + ELSEWHERE);
    }
    return holder.only() ? crew(holder) : one(holder);
  }

  private Verdict one(Holder holder) {
    long pid = holder.pid().orElseThrow();
    ToyProcess now = slots[(int) pid - FIRST_PID];
    if (!now.alive()) {
      return dead("no process " + pid);
    }
    return younger(now, holder)
        ? dead(pid + " is another process now")
        : Verdict.of(Ruling.ALIVE, pid + " lives");
  }

  private Verdict crew(Holder holder) {
    for (ToyProcess process : slots) {
      if (process.alive() && !younger(process, holder)) {
        return Verdict.of(Ruling.UNKNOWN, process.pid + " lives and could hold it");
      }
    }
    return dead("every process is younger than the claim");
  }

  /** All are killed. */
  private static Verdict dead(String evidence) {
    return Verdict.of(Ruling.DEAD, evidence).ended(End.CRASHED);
  }

  private boolean younger(ToyProcess process, Holder holder) {
    Duration known = holder.knownFor();
    Duration age = Duration.ofNanos(clock - process.born);
    return known != null && age.plus(MARGIN).compareTo(known) < 0;
  }

  /** All processes end, new ones come: then every job must get an end, and only one. */
  void end() throws SQLException {
    own.end(false);
    for (ToyProcess process : slots) {
      die(process, false);
    }
    settle(false);
    agents.look();
    pass(REST);
    agents.rest();
    agents.sweep(() -> {}, 0);
    ToyLetters letters = new ToyLetters(ground, truth);
    truth.swept(ground.fates(), letters.listed());
    ownBegins();
    ownEnds(true);
    for (int slot = 0; slot < slots.length; slot++) {
      bear(slot);
    }
    while (taken(slots[0], false)) {
      begin(slots[0]);
      finish(slots[0]);
    }
    truth.ended(ground.fates(), letters.listed());
    letters.check(ground.fates());
    agents.check();
    if (!ground.rows(library.broken()).isEmpty()) {
      throw new AssertionError(ground.rows(library.broken()).toString());
    }
  }

  @Override
  public void close() throws SQLException {
    own.end(false);
    for (ToyProcess process : born) {
      ground.giveBack(process.end());
    }
    agents.close();
  }
}
