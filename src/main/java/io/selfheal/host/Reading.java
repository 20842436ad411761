package io.selfheal.host;

import java.util.function.Function;

/** What a collector has: data, or none without anything being wrong. */
sealed interface Reading<T> {
  /** Why there is no rate after the first reading. */
  String NEEDS_TWO = "no data yet: rates need two readings";

  /** Why there is no rate after a counter went backwards. */
  String STARTED_OVER = "no data: a counter of the kernel started over";

  /** A value. */
  record Data<T>(T value) implements Reading<T> {}

  /** No value, and why. */
  record None<T>(String reason) implements Reading<T> {}

  /** The same, with the value changed. */
  default <R> Reading<R> map(Function<T, R> change) {
    return switch (this) {
      case Data<T>(T value) -> new Data<>(change.apply(value));
      case None<T>(String reason) -> new None<>(reason);
    };
  }
}
