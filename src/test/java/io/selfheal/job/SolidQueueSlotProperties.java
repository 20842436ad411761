package io.selfheal.job;

import io.selfheal.library.LibrarySchemas;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/**
 * Whatever workers, dispatchers and persons have done with the jobs of a concurrency key before, do
 * between the agent's judgement and its statement, or have begun and not committed: a job that the
 * agent fails gives its slot on only where no more of the key run then than the limit, unless the
 * library itself has given too many; and as long as no semaphore expires, no slot is lost.
 */
class SolidQueueSlotProperties {
  private static final int DEAD = 7;
  private static final int LIVING = 107;

  private static @Nullable Rig present;

  private enum Kind {
    ENQUEUE,
    CLAIM,
    CLAIM_AND_DIE,
    FINISH,
    SIGNAL,
    RETRY,
    MAINTAIN,
    PASS_A_MINUTE,
    PASS_AN_HOUR
  }

  /** Where a sweep comes. */
  private enum Sweep {
    NONE,
    AFTER_THE_STEP,
    BEFORE_ITS_COMMIT,
    AROUND_IT
  }

  record Step(Kind kind, Sweep sweep) {}

  /**
   * How it stands.
   *
   * @param free slots, as the semaphore has it; -1: there is none
   * @param holders ready and claimed jobs
   * @param orphans claimed by the dead
   */
  private record Standing(long free, long holders, long blocked, long orphans) {
    static Standing of(Rig rig) {
      List<Long> numbers =
          rig
              .column(
                  """
                  SELECT coalesce(max(value), -1) FROM solid_queue_semaphores UNION ALL
                  SELECT (SELECT count(*) FROM solid_queue_ready_executions)
                    + (SELECT count(*) FROM solid_queue_claimed_executions) UNION ALL
                  SELECT count(*) FROM solid_queue_blocked_executions UNION ALL
                  SELECT count(*) FROM solid_queue_claimed_executions WHERE process_id = 7""")
              .stream()
              .map(Long::valueOf)
              .toList();
      return new Standing(numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3));
    }
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void noMoreOfAKeyRunThanItsLimit(
      @ForAll @IntRange(min = 1, max = 3) int limit, @ForAll("histories") List<Step> history)
      throws SQLException {
    Rig rig = rig();
    try (Connection connection = TestPostgres.connect(rig.url)) {
      SolidQueueSlots slots = new SolidQueueSlots(connection, limit);
      for (Step step : history) {
        play(rig, slots, limit, step);
        slots.commit();
        whole(Standing.of(rig), slots, limit);
      }
    }
  }

  private static Rig rig() {
    Rig known = present;
    if (known != null) {
      return known;
    }
    Rig rig = new Rig().sql(LibrarySchemas.of("solid_queue"));
    rig.sql(
        """
        INSERT INTO solid_queue_processes
          (id, kind, last_heartbeat_at, pid, hostname, created_at, name)
        SELECT pid, 'Worker', now(), pid, 'here', now(), pid FROM unnest(ARRAY[7, 107]) AS pid""");
    present = rig.migrate().deployWith("preset: solid-queue", "poison_after: 1");
    return rig;
  }

  @AfterContainer
  static void end() {
    if (present != null) {
      present.close();
    }
  }

  private static void play(Rig rig, SolidQueueSlots slots, int limit, Step step)
      throws SQLException {
    if (step.sweep() == Sweep.AROUND_IT) {
      around(rig, slots, limit, step.kind());
      return;
    }
    act(slots, step.kind());
    if (step.sweep() != Sweep.BEFORE_ITS_COMMIT) {
      slots.commit();
    }
    if (step.sweep() == Sweep.NONE) {
      return;
    }
    Standing before = Standing.of(rig);
    if (step.sweep() == Sweep.BEFORE_ITS_COMMIT) {
      Rig.assertWholeButForLocks(rig.sweep());
    } else {
      rig.sweepWhole();
    }
    Standing after = Standing.of(rig);
    within(before, after, slots, limit);
    if (step.sweep() == Sweep.AFTER_THE_STEP && after.orphans() > 0) {
      throw new AssertionError("a job of a dead process is still claimed: " + after);
    }
  }

  private static void around(Rig rig, SolidQueueSlots slots, int limit, Kind kind)
      throws SQLException {
    AtomicBoolean done = new AtomicBoolean();
    Promise<Standing> between = Promise.promise();
    rig.judge =
        question -> {
          Promise<Verdicts> answer = Promise.promise();
          // On a thread that may wait.
          Thread.startVirtualThread(
              () -> {
                if (done.compareAndSet(false, true)) {
                  Future.<Standing>future(acted -> acted.complete(acted(rig, slots, kind)))
                      .onComplete(between);
                }
                between.future().map(acted -> verdicts(question)).onComplete(answer);
              });
          return answer.future();
        };
    rig.sweepWhole();
    rig.judge = question -> Future.succeededFuture(verdicts(question));
    if (done.get()) {
      within(Rig.await(between.future()), Standing.of(rig), slots, limit);
      return;
    }
    act(slots, kind);
  }

  private static Standing acted(Rig rig, SolidQueueSlots slots, Kind kind) {
    try {
      act(slots, kind);
      slots.commit();
      return Standing.of(rig);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static Verdicts verdicts(JudgeHolders question) {
    return new Verdicts(question.holders().stream().map(Rig::verdict).toList());
  }

  private static void act(SolidQueueSlots slots, Kind kind) throws SQLException {
    switch (kind) {
      case ENQUEUE -> slots.enqueue();
      case CLAIM -> slots.claim(LIVING);
      case CLAIM_AND_DIE -> slots.claim(DEAD);
      case FINISH -> slots.finish(LIVING);
      case SIGNAL -> slots.signal();
      case RETRY -> slots.retry();
      case MAINTAIN -> slots.maintain();
      case PASS_A_MINUTE -> slots.pass(1);
      case PASS_AN_HOUR -> slots.pass(60);
    }
  }

  /**
   * A sweep gave a slot to a job, or back: then what runs and what may run is not too much; or,
   * where the library itself gave too many, no more than before.
   */
  private static void within(Standing before, Standing after, SolidQueueSlots slots, int limit) {
    boolean given = after.blocked() < before.blocked() || after.free() > before.free();
    long most = slots.overgiven() ? Math.max(limit, before.free() + before.holders()) : limit;
    if (given && after.free() + after.holders() > most) {
      throw new AssertionError(
          "of %d slots too many are given: %s, and before %s".formatted(limit, after, before));
    }
  }

  private static void whole(Standing now, SolidQueueSlots slots, int limit) {
    if (!slots.expired()
        && now.free() >= 0
        && now.free() + now.holders() + slots.ended() != limit) {
      throw new AssertionError(
          "of %d slots some are lost: %s, and %d to come".formatted(limit, now, slots.ended()));
    }
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(6, Kind.ENQUEUE),
            Tuple.of(3, Kind.CLAIM),
            Tuple.of(5, Kind.CLAIM_AND_DIE),
            Tuple.of(3, Kind.FINISH),
            Tuple.of(3, Kind.SIGNAL),
            Tuple.of(2, Kind.RETRY),
            Tuple.of(3, Kind.MAINTAIN),
            Tuple.of(2, Kind.PASS_A_MINUTE),
            Tuple.of(1, Kind.PASS_AN_HOUR));
    Arbitrary<Sweep> sweeps =
        Arbitraries.frequency(
            Tuple.of(4, Sweep.NONE),
            Tuple.of(1, Sweep.AFTER_THE_STEP),
            Tuple.of(1, Sweep.BEFORE_ITS_COMMIT),
            Tuple.of(1, Sweep.AROUND_IT));
    return Combinators.combine(kinds, sweeps).as(Step::new).list().ofMinSize(20).ofMaxSize(50);
  }
}
