package io.selfheal.job;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Lets so many works run at the same time, in the order of asking; the others wait. A work may want
 * to run alone: it waits for all before it, and all after it wait. For one verticle's context.
 */
final class Lanes {
  private final int all;
  private final Deque<Asked> waiting = new ArrayDeque<>();
  private int free;

  Lanes(int lanes) {
    this.all = lanes;
    this.free = lanes;
  }

  private record Asked(int lanes, Runnable begin) {}

  /** Works as soon as one lane is free. */
  <T> Future<T> one(Supplier<Future<T>> work) {
    return take(1, work);
  }

  /** Works as soon as nobody else does. */
  <T> Future<T> alone(Supplier<Future<T>> work) {
    return take(all, work);
  }

  private <T> Future<T> take(int lanes, Supplier<Future<T>> work) {
    Promise<T> end = Promise.promise();
    waiting.add(
        new Asked(
            lanes,
            () ->
                Future.succeededFuture()
                    .compose(begun -> work.get())
                    .onComplete(
                        done -> {
                          free += lanes;
                          next();
                        })
                    .onComplete(end)));
    next();
    return end.future();
  }

  private void next() {
    for (Asked first = waiting.peek();
        first != null && first.lanes <= free;
        first = waiting.peek()) {
      waiting.remove();
      free -= first.lanes;
      first.begin.run();
    }
  }
}
