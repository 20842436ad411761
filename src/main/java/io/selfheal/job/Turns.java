package io.selfheal.job;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * Lets one pass after another over a source, in the order of asking. For one verticle's context.
 */
final class Turns {
  private Future<Void> last = Future.succeededFuture();

  /** Waits for its turn, then works. */
  <T> T take(Supplier<T> work) {
    Future<Void> before = last;
    Promise<Void> mine = Promise.promise();
    last = mine.future();
    try {
      before.await();
      return work.get();
    } finally {
      mine.complete();
    }
  }

  /** Done when all who have asked so far are done. */
  Future<Void> idle() {
    return last;
  }
}
