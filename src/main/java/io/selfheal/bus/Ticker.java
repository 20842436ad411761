package io.selfheal.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a body again and again, never two at once: the timer is armed when the body has ended. A
 * body that fails is logged and runs again. Use it on the context of one verticle.
 */
public final class Ticker {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

  private final Vertx vertx;
  private final String name;
  private final Duration every;
  private final Supplier<Future<?>> body;
  private long timer = -1;
  private boolean running;
  private boolean stopped = true;
  private boolean again;

  /**
   * @param name for the log
   * @param every the pause between the end of one body and the start of the next; at least 1 ms
   */
  public Ticker(Vertx vertx, String name, Duration every, Supplier<Future<?>> body) {
    if (every.toMillis() < 1) {
      throw new IllegalArgumentException(name + ": the pause must be at least 1 ms, not " + every);
    }
    this.vertx = vertx;
    this.name = name;
    this.every = every;
    this.body = body;
  }

  /** Starts; the first body runs after one pause. */
  public Ticker start() {
    stopped = false;
    arm();
    return this;
  }

  /** Runs the body now, or once more after the one that runs. */
  public void hasten() {
    if (stopped) {
      return;
    }
    if (running) {
      again = true;
      return;
    }
    disarm();
    run();
  }

  /** No body starts after this; one that runs may end. */
  public void stop() {
    stopped = true;
    disarm();
  }

  private void arm() {
    timer = vertx.setTimer(every.toMillis(), id -> run());
  }

  private void disarm() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  private void run() {
    timer = -1;
    running = true;
    Future<?> end;
    try {
      end = body.get();
    } catch (RuntimeException | Error failure) {
      // Also a class that cannot be loaded, or no memory for now: the next one may do better.
      end = Future.failedFuture(failure);
    }
    end.onComplete(
        done -> {
          running = false;
          if (done.failed()) {
            LOG.error("The {} tick failed; it runs again in {}", name, every, done.cause());
          }
          next();
        });
  }

  private void next() {
    if (stopped) {
      return;
    }
    if (again) {
      again = false;
      vertx.runOnContext(nothing -> hasten());
      return;
    }
    arm();
  }
}
