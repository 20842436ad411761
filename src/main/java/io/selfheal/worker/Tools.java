package io.selfheal.worker;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** What every part of this package works with. */
record Tools(Vertx vertx, Bus bus, Time time, Proc proc) {
  /** Runs what may block for more than a millisecond; the result comes back on the context. */
  <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }
}
