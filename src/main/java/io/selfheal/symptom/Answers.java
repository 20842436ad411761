package io.selfheal.symptom;

import io.selfheal.message.Request;
import io.selfheal.rule.Surroundings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks another part, for a detector that looks. */
final class Answers {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Answers() {}

  /**
   * The answer.
   *
   * @throws io.selfheal.bus.RequestFailed when there is none
   * @throws TimeoutException when there is none in time
   */
  static <Q, R> R of(Surroundings around, Request<Q, R> request, Q query) throws TimeoutException {
    // The bus has a limit of its own; waiting has one, too, should its timer be late.
    return around
        .bus()
        .ask(request, query, LIMIT)
        .await(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
