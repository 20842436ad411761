package io.selfheal.job;

import io.selfheal.job.Catalog.Privilege;
import io.selfheal.job.Layout.Reach;

/**
 * How statements tell that a row is still the one that a look has read, by the transaction that
 * wrote it. Whoever changes a row in any way writes it anew, under a newer transaction; one that is
 * older than all that ran when the look began was there for the look to read. Of those that ended
 * while others ran it cannot be said so simply, so they are taken for newer. Pure.
 */
final class Horizon {
  /** The horizon of a look, among its columns. The functions are there in every PostgreSQL. */
  static final String COLUMN =
      "(SELECT (txid_snapshot_xmin(txid_current_snapshot()) % 4294967296)::text) AS horizon";

  /** The condition that a row was written before the horizon $3 (text). */
  static final String BEFORE = "age(t.xmin) > age($3::text::xid)";

  private Horizon() {}

  /**
   * Whether it can be told. It takes the right to read the whole table, for the column is one of
   * the system's; and a look that reads all running jobs, not those that are old at some moment.
   */
  static boolean tells(Catalog catalog, Reach reach) {
    return reach instanceof Reach.All && catalog.privileges().contains(Privilege.SELECT);
  }
}
