package io.selfheal.service;

import io.selfheal.config.Section;

/**
 * {@code retry_budget} of a service, after gRPC's proposal A6: a failure takes one token, a success
 * gives a little back, and retries pass while more than half of the tokens are there.
 *
 * @param tokens {@code tokens}, 1 to 1,000, default 10
 * @param perSuccess {@code per_success}, 0.001 to 1, default 0.1; in thousandths of a token
 */
record RetryConfig(int tokens, int perSuccess) {
  static final RetryConfig DEFAULT = new RetryConfig(10, 100);

  /** Thousandths in a token. */
  static final int TOKEN = 1_000;

  static RetryConfig from(Section section) {
    return new RetryConfig(
        section.integer("tokens", DEFAULT.tokens, 1, 1_000),
        (int) Math.round(section.number("per_success", 0.1, 0.001, 1) * TOKEN));
  }

  /** All tokens, in thousandths. */
  int full() {
    return tokens * TOKEN;
  }

  int afterFailure(int left) {
    return Math.max(0, left - TOKEN);
  }

  int afterSuccess(int left) {
    return Math.min(full(), left + perSuccess);
  }

  boolean allows(int left) {
    return left > full() / 2;
  }
}
