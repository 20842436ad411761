package io.selfheal.job;

import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Worker processes, a library and two agents on one database. It keeps the truth about every
 * attempt, and throws {@link AssertionError} as soon as what must hold does not.
 */
final class ToyWorld implements AutoCloseable {
  private static final int SLOTS = 4;
  private static final int FIRST_PID = 11;
  private static final Duration MARGIN = Duration.ofMillis(100);

  private final ToyLibrary library;
  private final Rig first;
  private final Rig second;
  private final Connection connection;
  private final List<ToyProcess> born = new ArrayList<>();
  private final ToyProcess[] slots = new ToyProcess[SLOTS];
  private final Map<String, ToyProcess> attempts = new HashMap<>();
  private final Map<String, Integer> completed = new HashMap<>();
  private long clock;
  private int added;

  ToyWorld(ToyLibrary library) throws SQLException {
    this.library = library;
    first = new Rig().sql(library.schema());
    second = new Rig(first.url);
    connection = TestPostgres.connect(first.url);
    for (Rig rig : List.of(first, second)) {
      rig.judge = question -> Future.succeededFuture(verdicts(question));
      rig.deployWith(
          String.join("\n", library.source()), "act_on_unknown: false", "poison_after: 0");
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      bear(slot);
    }
  }

  private void bear(int slot) throws SQLException {
    ToyProcess process = new ToyProcess(FIRST_PID + slot, clock, library, first.url);
    born.add(process);
    slots[slot] = process;
  }

  ToyProcess process(int slot) {
    return slots[slot];
  }

  void pass(Duration time) {
    clock += time.toNanos();
    first.pass(time);
    second.pass(time);
  }

  void add() throws SQLException {
    execute(library.add());
    added++;
  }

  /**
   * The process takes a job, unless it has one; when none is ready, one comes. Nobody else may be
   * at work on the one that it takes.
   */
  void take(ToyProcess process) throws SQLException {
    if (!process.alive() || process.job() != null) {
      return;
    }
    String job = process.take();
    if (job == null) {
      add();
      return;
    }
    ToyProcess before = attempts.put(job, process);
    if (before != null && before.alive() && job.equals(before.job())) {
      throw new AssertionError(
          "job " + job + " begins again while " + before.holder() + " still works on it");
    }
  }

  void begin(ToyProcess process) throws SQLException {
    if (process.alive() && process.job() != null && !process.half()) {
      process.begin();
    }
  }

  void finish(ToyProcess process) throws SQLException {
    String job = process.job();
    if (job != null && process.half()) {
      process.commit();
      if (completed.merge(job, 1, Integer::sum) > 1) {
        throw new AssertionError("job " + job + " was completed twice");
      }
    }
  }

  /** The process of the slot is killed; what it sent is rolled back unless {@code late}. */
  void die(int slot, boolean late) throws SQLException {
    ToyProcess process = slots[slot];
    process.die();
    if (process.half() && !late) {
      process.rollback();
    }
  }

  /** Another process gets the pid of one that is gone. */
  void rebirth(int slot) throws SQLException {
    if (!slots[slot].alive()) {
      bear(slot);
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

  /** The library itself revives the orphans of the dead. */
  void own() throws SQLException {
    for (Map.Entry<String, ToyProcess> attempt : attempts.entrySet()) {
      ToyProcess process = attempt.getValue();
      if (!process.alive() && !process.half()) {
        try (PreparedStatement statement = connection.prepareStatement(library.own())) {
          statement.setString(1, attempt.getKey());
          statement.executeUpdate();
        }
      }
    }
    execute(library.due());
  }

  void look() {
    first.tick();
  }

  /** A sweep of the first agent; {@code between} happens after its judgement, once. */
  void sweep(Between between) {
    AtomicBoolean done = new AtomicBoolean();
    first.judge =
        question -> {
          Promise<Verdicts> answer = Promise.promise();
          // On a thread that may wait.
          Thread.startVirtualThread(() -> answer(question, answer, done, between));
          return answer.future();
        };
    checked(first);
    first.judge = question -> Future.succeededFuture(verdicts(question));
  }

  private void answer(
      JudgeHolders question, Promise<Verdicts> answer, AtomicBoolean done, Between between) {
    try {
      Verdicts verdicts = verdicts(question);
      if (done.compareAndSet(false, true)) {
        between.happen();
      }
      answer.complete(verdicts);
    } catch (Exception | AssertionError failure) {
      answer.fail(failure);
    }
  }

  void sweepOfTheOther() {
    checked(second);
  }

  private static void checked(Rig rig) {
    var swept = rig.sweep();
    if (!swept.problems().isEmpty()) {
      throw new AssertionError("a sweep failed: " + swept.problems());
    }
  }

  /** What goes on between a judgement and the rescue that follows from it. */
  interface Between {
    void happen();
  }

  /** As the watch of workers judges what it sees: pids and the times of starts, no more. */
  private Verdicts verdicts(JudgeHolders question) {
    return new Verdicts(question.holders().stream().map(this::verdict).toList());
  }

  private Verdict verdict(Holder holder) {
    long pid = holder.pid().orElseThrow();
    ToyProcess now = slots[(int) pid - FIRST_PID];
    if (!now.alive()) {
      return Verdict.of(Ruling.DEAD, "no process " + pid);
    }
    Duration known = holder.knownFor();
    Duration age = Duration.ofNanos(clock - now.born);
    return known != null && age.plus(MARGIN).compareTo(known) < 0
        ? Verdict.of(Ruling.DEAD, pid + " is another process now")
        : Verdict.of(Ruling.ALIVE, pid + " lives");
  }

  /** All processes end, new ones come: then every job must get completed, each exactly once. */
  void end() throws SQLException {
    for (int slot = 0; slot < SLOTS; slot++) {
      die(slot, false);
    }
    settle(false);
    sweep(() -> {});
    execute(library.due());
    for (int slot = 0; slot < SLOTS; slot++) {
      bear(slot);
    }
    ToyProcess last = slots[0];
    for (int i = 0; i < added + 1; i++) {
      take(last);
      begin(last);
      finish(last);
    }
    try (var statement = connection.createStatement();
        var open = statement.executeQuery(library.open())) {
      open.next();
      if (open.getLong(1) != 0 || completed.size() != added) {
        throw new AssertionError(
            "%d of %d jobs were completed, %d are open"
                .formatted(completed.size(), added, open.getLong(1)));
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    for (ToyProcess process : born) {
      process.close();
    }
    connection.close();
    first.close();
    second.close();
  }
}
