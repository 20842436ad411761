package io.selfheal.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TickerTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofDays(1);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final BlockingQueue<Promise<Void>> begun = new LinkedBlockingQueue<>();

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private Future<?> body() {
    Promise<Void> end = Promise.promise();
    begun.add(end);
    return end.future();
  }

  private Ticker started(Duration every) {
    Ticker ticker = new Ticker(vertx, "test", every, this::body);
    context.runOnContext(nothing -> ticker.start());
    return ticker;
  }

  private Promise<Void> next() throws InterruptedException {
    return theOne(begun.poll(20, TimeUnit.SECONDS));
  }

  private static Promise<Void> theOne(Promise<Void> promise) {
    assertNotNull(promise, "the body did not run");
    return promise;
  }

  /** Everything that was put on the context before has run when this returns. */
  private void settle() throws TimeoutException {
    Promise<Void> reached = Promise.promise();
    context.runOnContext(nothing -> reached.complete());
    reached.future().await(20, TimeUnit.SECONDS);
  }

  @Test
  void neverRunsTwoBodiesAtOnce() throws Exception {
    Ticker ticker = started(SOON);
    Promise<Void> first = next();
    context.runOnContext(nothing -> ticker.hasten());
    context.runOnContext(nothing -> ticker.hasten());
    settle();
    assertNull(begun.peek());
    context.runOnContext(nothing -> first.complete());
    next();
    settle();
    assertNull(begun.peek());
  }

  @Test
  void hastenRunsAtOnce() throws Exception {
    Ticker ticker = started(NEVER);
    context.runOnContext(nothing -> ticker.hasten());
    next();
  }

  @Test
  void aBodyThatFailsOrThrowsRunsAgain() throws Exception {
    started(SOON);
    Promise<Void> first = next();
    context.runOnContext(nothing -> first.fail("as the test wants"));
    next();
  }

  @Test
  void aBodyThatThrowsAnErrorRunsAgain() throws Exception {
    CountDownLatch runs = new CountDownLatch(2);
    Ticker ticker =
        new Ticker(
            vertx,
            "test",
            SOON,
            () -> {
              runs.countDown();
              throw new NoClassDefFoundError("as the test wants");
            });
    context.runOnContext(nothing -> ticker.start());
    assertTrue(runs.await(20, TimeUnit.SECONDS));
  }

  @Test
  void stopsForGood() throws Exception {
    Ticker ticker = started(SOON);
    Promise<Void> first = next();
    context.runOnContext(nothing -> ticker.stop());
    context.runOnContext(nothing -> first.complete());
    context.runOnContext(nothing -> ticker.hasten());
    settle();
    assertEquals(0, begun.size());
  }

  @Test
  void refusesAPauseOfNothing() {
    assertThrows(
        IllegalArgumentException.class, () -> new Ticker(vertx, "test", Duration.ZERO, this::body));
  }
}
