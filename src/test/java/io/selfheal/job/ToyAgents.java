package io.selfheal.job;

import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Two agents on one database, of which the first may be killed. */
final class ToyAgents implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final String DEATHS =
      "SELECT job_id, points FROM selfheal.deaths ORDER BY at, attempts NULLS FIRST";

  private final ToyGround ground;
  private final ToyTerms terms;
  private final Function<JudgeHolders, Verdicts> judge;
  private boolean killed;

  ToyAgents(ToyGround ground, ToyTerms terms, Function<JudgeHolders, Verdicts> judge) {
    this.ground = ground;
    this.terms = terms;
    this.judge = judge;
    for (Rig rig : List.of(ground.first, ground.second)) {
      rig.judge = this::judged;
      deploy(rig);
    }
  }

  private Future<Verdicts> judged(JudgeHolders question) {
    return Future.succeededFuture(judge.apply(question));
  }

  private void deploy(Rig rig) {
    rig.deployWith(String.join("\n", ground.library.source()), terms.keys());
  }

  void pass(Duration time) {
    ground.first.pass(time);
    ground.second.pass(time);
  }

  void look() {
    ground.first.tick();
  }

  /** What goes on between a judgement and the rescue that follows from it. */
  interface Between {
    void happen() throws SQLException;
  }

  /**
   * A sweep of the first agent.
   *
   * @param between happens after its judgement, once
   * @param earlier so many judgements before; guesses are rescued after the second
   */
  void sweep(Between between, int earlier) {
    boolean twice = terms.actOnUnknown() && ground.library.namesHolder();
    AtomicInteger asked = new AtomicInteger(twice ? -earlier : 0);
    ground.first.judge =
        question -> {
          Promise<Verdicts> answer = Promise.promise();
          // On a thread that may wait.
          Thread.startVirtualThread(() -> answer(question, answer, asked, between));
          return answer.future();
        };
    Rig.assertWholeButForLocks(ground.first.sweep());
    ground.first.judge = this::judged;
  }

  private void answer(
      JudgeHolders question, Promise<Verdicts> answer, AtomicInteger asked, Between between) {
    try {
      Verdicts verdicts = judge.apply(question);
      if (asked.getAndIncrement() == 0) {
        between.happen();
      }
      answer.complete(verdicts);
    } catch (Exception | AssertionError failure) {
      answer.fail(failure);
    }
  }

  void sweepOfTheOther() {
    Rig.assertWholeButForLocks(ground.second.sweep());
  }

  /** Both at the same time. */
  void sweepOfBoth() {
    Future<Swept> first = begun(ground.first);
    Future<Swept> second = begun(ground.second);
    Rig.assertWholeButForLocks(Rig.await(first));
    Rig.assertWholeButForLocks(Rig.await(second));
  }

  private static Future<Swept> begun(Rig rig) {
    return rig.bus.ask(JobRequests.SWEEP, new Sweep(null, null, false, null), LONGEST);
  }

  /** The first sweeps, and is killed before its next statement after so many; another comes. */
  void killAfter(int statements) {
    ground.wire.cutAfter(statements);
    Rig.await(begun(ground.first).otherwiseEmpty());
    if (ground.wire.mend()) {
      killed = true;
      ground.first.undeploy();
      ground.first.disconnect();
      deploy(ground.first);
    }
  }

  /** Nothing holds them back any more, and they have finished what others had begun. */
  void rest() throws SQLException {
    look();
    ground.execute("UPDATE selfheal.dead_letters SET at = at - interval '1 minute'");
    ground.second.count();
  }

  /**
   * A job that killed its workers was not queued again: what is counted is not forgotten. Deaths
   * whose blame it shared with other jobs may put one of those aside first.
   */
  void check() throws SQLException {
    if (!terms.poison() || killed) {
      return;
    }
    ground.first.settle();
    ground.second.settle();
    Map<String, List<Double>> blamed = blamed();
    queuedAgain()
        .forEach(
            (job, times) -> {
              List<Double> points = blamed.getOrDefault(job, List.of());
              if (points.size() < times) {
                throw new AssertionError(
                    "job %s was queued again %d times, and %d deaths on it are remembered"
                        .formatted(job, times, points.size()));
              }
              boolean alone = points.stream().limit(times).allMatch(one -> one == 1);
              if (alone && times >= ToyTerms.POISON_AFTER) {
                throw new AssertionError("job " + job + " was queued again, and is poison");
              }
            });
  }

  /** Job → what each death on it counts, oldest first. */
  private Map<String, List<Double>> blamed() throws SQLException {
    Map<String, List<Double>> blamed = new HashMap<>();
    for (List<String> row : ground.rows(DEATHS)) {
      blamed
          .computeIfAbsent(row.getFirst(), job -> new ArrayList<>())
          .add(Double.valueOf(row.getLast()));
    }
    return blamed;
  }

  /** Job → how often it was queued again because its holder was dead. */
  private Map<String, Integer> queuedAgain() {
    Map<String, Integer> queued = new HashMap<>();
    for (Rig rig : List.of(ground.first, ground.second)) {
      for (JobEvent.Rescued event : rig.events(JobEvent.Rescued.class)) {
        if (event.verdict().ruling() == Ruling.DEAD && event.effect() == Effect.REQUEUE) {
          queued.merge(event.jobId(), 1, Integer::sum);
        }
      }
    }
    return queued;
  }

  @Override
  public void close() {
    ground.first.undeploy();
    ground.second.undeploy();
  }
}
