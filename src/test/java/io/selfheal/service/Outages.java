package io.selfheal.service;

import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/** A real database that is away, loses answers, or does late what it was given up for. */
final class Outages implements Database {
  /** How it is. */
  enum Mode {
    WELL,
    AWAY,
    ANSWER_LOST,
    DONE_LATE
  }

  private final Database real;
  private final Deque<Runnable> late = new ArrayDeque<>();
  private Mode mode = Mode.WELL;

  Outages(Database real) {
    this.real = real;
  }

  synchronized void mode(Mode next) {
    mode = next;
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public synchronized <T> Future<T> use(Function<Pool, Future<T>> work) {
    return switch (mode) {
      case WELL -> real.use(work);
      case AWAY -> Future.failedFuture("away");
      case ANSWER_LOST -> real.use(work).compose(done -> Future.failedFuture("answer lost"));
      case DONE_LATE -> {
        late.add(() -> real.use(work));
        yield Future.failedFuture("no answer in time");
      }
    };
  }

  /** Does now what nobody waits for any more. */
  Future<Void> catchUp() {
    Future<Void> all = Future.succeededFuture();
    while (true) {
      Runnable next;
      synchronized (this) {
        next = late.poll();
      }
      if (next == null) {
        return all;
      }
      next.run();
    }
  }
}
