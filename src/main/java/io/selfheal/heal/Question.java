package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.message.Request;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;

/**
 * An act of a remedy: what is asked of whom, and what its answer means.
 *
 * @param limit how long the answer is waited for
 * @param reading what the answer means
 * @param silence what it means that none came
 */
record Question<Q, R>(
    Request<Q, R> request,
    Q query,
    Duration limit,
    Function<R, Ending> reading,
    Function<Throwable, Ending> silence) {

  /** Asks. The future never fails. */
  Future<Ending> put(Bus bus) {
    return bus.ask(request, query, limit)
        .map(reading)
        .recover(failure -> Future.succeededFuture(silence.apply(failure)));
  }
}
