package io.selfheal.store;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.Event;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A Vert.x with a bus whose events are kept, for one test. */
final class House implements AutoCloseable {
  static final Time TIME =
      new Time(InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")), () -> 0);
  private static final long LIMIT_SECONDS = 60;

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();

  House() {
    bus.onEvent(events::add);
  }

  /** Waits for a result. */
  static <T> T get(Future<T> future) {
    try {
      return future.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("nothing came within " + LIMIT_SECONDS + " s", late);
    }
  }

  /** Waits for a failure. */
  static Throwable failure(Future<?> future) {
    return get(
        future.transform(
            done ->
                done.failed()
                    ? Future.succeededFuture(done.cause())
                    : Future.failedFuture("it succeeded: " + done.result())));
  }

  /** Waits for an event; those before it are dropped. */
  <E extends Event> E await(Class<E> type, Predicate<E> wanted) throws InterruptedException {
    List<Event> others = new ArrayList<>();
    while (true) {
      Event event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no such " + type.getSimpleName() + " came, but: " + others);
      }
      if (type.isInstance(event) && wanted.test(type.cast(event))) {
        return type.cast(event);
      }
      others.add(event);
    }
  }

  /** What has come and was not awaited. */
  List<Event> drain() {
    List<Event> rest = new ArrayList<>();
    events.drainTo(rest);
    return rest;
  }

  @Override
  public void close() {
    get(vertx.close());
  }
}
