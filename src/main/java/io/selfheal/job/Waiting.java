package io.selfheal.job;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits on a virtual thread, never for ever. */
final class Waiting {
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private Waiting() {}

  /** The result; throws {@link SourceFailed} when there is none in time. */
  static <T> T on(Future<T> future, String doing) {
    return on(future, doing, 1);
  }

  /**
   * The same of a work in parts.
   *
   * @param parts at most, each of which may take as long as a whole one else
   */
  static <T> T on(Future<T> future, String doing, int parts) {
    return future
        .timeout(LONGEST.toMillis() * parts, TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(explain(failure, doing)))
        .await();
  }

  private static SourceFailed explain(Throwable failure, String doing) {
    return failure instanceof SourceFailed known
        ? known
        : new SourceFailed("could not " + doing + ": " + failure.getMessage(), failure);
  }
}
