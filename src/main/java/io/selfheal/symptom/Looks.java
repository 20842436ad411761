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
 * Lets detectors look, each on a virtual thread of its own, so that one that blocks stands in
 * nobody's way; never two looks of one detector at once.
 */
final class Looks {
  private final Time time;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final IdentityHashMap<Watched, Turn> turns = new IdentityHashMap<>();

  /**
   * @param due the mark from which it looks again
   * @param looking it does now
   */
  private record Turn(long due, boolean looking) {}

  Looks(Time time) {
    this.time = time;
  }

  /** Begins a look, if one is due; ends on the caller's context. */
  Optional<Future<List<Reading>>> due(Watched one, Surroundings around) {
    Optional<Duration> every = one.detector().every();
    Turn turn = turns.get(one);
    boolean waits = turn != null && (turn.looking() || time.mark() - turn.due() < 0);
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
          } catch (Exception | LinkageError failure) {
            context.runOnContext(done -> promise.fail(failure));
          }
        });
    return Optional.of(
        promise
            .future()
            .onComplete(
                done ->
                    turns.computeIfPresent(
                        one, (same, now) -> new Turn(time.mark() + every.get().toNanos(), false))));
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
