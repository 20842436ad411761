package io.selfheal.symptom;

import io.selfheal.bus.Time;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lets detectors look, each on a thread of its own, so that one that blocks stands in nobody's way;
 * never two looks of one detector at once.
 *
 * <p>Not on virtual threads: a file operation holds the thread that carries one, and of those there
 * are as many as processors. A few looks at a disk that does not answer would keep every other
 * virtual thread of the agent from running.
 *
 * <p>Looks are as far apart as the detector asks, from the beginning of one to that of the next.
 * One that takes long is followed by a pause as long as it took: it never fills more than half of
 * the time.
 */
final class Looks {
  private final Time time;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("selfheal-look-", 1).factory());
  private final IdentityHashMap<Watched, Turn> turns = new IdentityHashMap<>();

  /** A look that lasts longer is said to hang; it is waited for all the same. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * @param mark from which it looks again; when it does now, since when
   * @param looking it does now
   */
  private record Turn(long mark, boolean looking) {}

  Looks(Time time) {
    this.time = time;
  }

  /** Begins a look, if one is due; ends on the caller's context. */
  Optional<Future<List<Reading>>> due(Watched one, Surroundings around) {
    Optional<Duration> every = one.detector().every();
    Turn turn = turns.get(one);
    boolean waits = turn != null && (turn.looking() || time.mark() - turn.mark() < 0);
    if (every.isEmpty() || waits) {
      return Optional.empty();
    }
    turns.put(one, new Turn(time.mark(), true));
    Context context = Vertx.currentContext();
    Promise<List<Reading>> promise = Promise.promise();
    threads.execute(
        () -> {
          try {
            List<Reading> readings = one.detector().look(around);
            context.runOnContext(done -> promise.complete(readings));
          } catch (Throwable failure) {
            // Whatever it is: without an answer it would count as looking for ever.
            context.runOnContext(done -> promise.fail(failure));
          }
        });
    return Optional.of(
        promise
            .future()
            .onComplete(
                done ->
                    turns.computeIfPresent(
                        one,
                        (same, now) ->
                            new Turn(next(now.mark(), time.mark(), every.get()), false))));
  }

  /**
   * The mark of the next look. Were the pause counted from the end of a look, the ticks that begin
   * looks would just miss it each time, and come late by one.
   */
  static long next(long began, long ended, Duration every) {
    long took = ended - began;
    return Math.max(every.toNanos() - took, took) + ended;
  }

  /** Why it is to be thought that a look has not ended by itself; empty when there is no sign. */
  Optional<String> hanging(Watched one) {
    Turn turn = turns.get(one);
    boolean hangs =
        turn != null && turn.looking() && time.since(turn.mark()).compareTo(PATIENCE) > 0;
    return hangs
        ? Optional.of("has begun a look over " + PATIENCE.toSeconds() + " s ago that has not ended")
        : Optional.empty();
  }

  /** The rule is watched no more. */
  void end(Watched one) {
    turns.remove(one);
    one.detector().close();
  }

  void close() {
    threads.shutdownNow();
  }
}
