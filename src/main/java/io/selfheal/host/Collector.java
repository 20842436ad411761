package io.selfheal.host;

/** Reads one resource. It may keep the reading before; it is called by one thread at a time. */
@FunctionalInterface
interface Collector<T> {
  /**
   * Reads now.
   *
   * @throws Exception when the resource cannot be read; the reason is for an operator and stays the
   *     same while the failure is the same
   */
  Reading<T> collect() throws Exception;
}
