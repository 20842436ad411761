package io.selfheal.job;

import io.selfheal.bus.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest answer to a question that may read a whole table, so that it takes at most a hundredth
 * of the time: after an answer that took 2 s, which is its limit, there is none for 200 s.
 *
 * @param <T> the answer
 */
final class Sparing<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Sparing.class);
  private static final int PAUSE_FACTOR = 100;

  private final String doing;
  private final Time time;
  private @Nullable T answer;
  private Duration pause = Duration.ZERO;
  private long asked;

  Sparing(String doing, Time time) {
    this.doing = doing;
    this.time = time;
    this.asked = time.mark();
  }

  /** Asks if it may. When that fails, nothing is known, and that is no problem of sweeping. */
  void ask(Supplier<Future<T>> question) {
    if (time.since(asked).compareTo(pause) < 0) {
      return;
    }
    long mark = time.mark();
    try {
      answer = Waiting.on(question.get(), doing);
    } catch (SourceFailed failure) {
      answer = null;
      LOG.debug("Could not {}", doing, failure);
    }
    asked = time.mark();
    pause = time.since(mark).multipliedBy(PAUSE_FACTOR);
  }

  /** Nothing is known any more. */
  void forget() {
    answer = null;
  }

  /** Null when nothing is known. */
  @Nullable T answer() {
    return answer;
  }
}
