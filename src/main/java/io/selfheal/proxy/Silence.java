package io.selfheal.proxy;

import io.vertx.core.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long nothing has come through an exchange, in either direction. While one side does not take
 * what there is, nothing can be heard of the other, and the time stands still.
 */
final class Silence {
  private final Surroundings around;
  private final Duration most;
  private final Runnable ending;
  private long since;
  private boolean held;
  private boolean tooLong;
  private @Nullable Timer timer;

  /**
   * Begins now.
   *
   * @param ending is called once when it has lasted too long
   */
  Silence(Surroundings around, Duration most, Runnable ending) {
    this.around = around;
    this.most = most;
    this.ending = ending;
    this.since = around.time().mark();
    look(most);
  }

  private void look(Duration in) {
    Timer next = around.vertx().timer(Math.max(1, in.toMillis()), TimeUnit.MILLISECONDS);
    timer = next;
    next.onSuccess(
        later -> {
          Duration left = most.minus(around.time().since(since));
          if (held || left.isPositive()) {
            look(held ? most : left);
            return;
          }
          tooLong = true;
          ending.run();
        });
  }

  /** Something came through. */
  void broken() {
    since = around.time().mark();
  }

  void held(boolean now) {
    held = now;
    since = around.time().mark();
  }

  /** The exchange has ended: nothing of it is kept until the time would have passed. */
  void over() {
    if (timer != null) {
      timer.cancel();
    }
  }

  boolean tooLong() {
    return tooLong;
  }
}
