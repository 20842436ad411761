package io.selfheal.job;

/**
 * Who has the row of a job locked.
 *
 * @param sure whether PostgreSQL says so; otherwise it only seems to be this one
 */
record RowLock(Blocker holder, boolean sure) {
  /** For an operator, to go on from "is locked". */
  String sentence() {
    return (sure ? "by " : "as it seems by ") + holder.sentence();
  }
}
