package io.selfheal.job;

import org.jspecify.annotations.Nullable;

/**
 * The statement that counts the jobs which a worker could take now, and says how long the oldest
 * waits. It is apart from the counts by state, so that an index of the library serves, and a table
 * with millions of finished jobs does not make it dear. Pure.
 */
final class ReadyCount {
  private ReadyCount() {}

  /**
   * Answers {@code ready} and {@code waiting_ms}, both bigint; the latter null when none is ready
   * or the rows do not say.
   *
   * @param from the table, with its alias
   * @param ready the condition
   * @param since since when a ready job waits; null when no column says
   */
  static String of(String from, String ready, @Nullable RowTime since) {
    return "SELECT count(*) AS ready, %s AS waiting_ms FROM %s WHERE %s"
        .formatted(since == null ? "NULL::bigint" : "max(" + since.age() + ")", from, ready);
  }
}
