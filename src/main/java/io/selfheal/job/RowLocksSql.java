package io.selfheal.job;

import io.selfheal.job.Catalog.Privilege;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The statement that tells which rows of jobs are locked by a transaction that has not ended, and
 * by whom. Pure.
 *
 * <p>PostgreSQL keeps a row lock in the row itself, as the id of the transaction that has it, and
 * shows who runs that one. Of a lock that was taken in a savepoint which was released since it
 * shows only that it is held: then the session whose transaction has been at the table for longest
 * is named, as it seems to be it. A row that several transactions share, as by foreign keys, is
 * taken for free: what the id in it stands for cannot be asked in SQL.
 */
final class RowLocksSql {
  /** The id in a row has 32 of the 64 bits; those above are of the newest id, or one less. */
  private static final String WHOLE =
      "j.holder + n.next - n.next % 4294967296"
          + " - CASE WHEN j.holder >= n.next % 4294967296 THEN 4294967296 ELSE 0 END";

  /** Other agents wait for nobody, and have what they lock rescued in a moment. */
  private static final String STATEMENT =
      """
      WITH jobs AS MATERIALIZED (
        SELECT u.id, t.xmax::text::bigint AS holder
        FROM unnest($1::text[]) AS u (id) JOIN %1$s AS t ON %2$s
        WHERE t.xmax::text <> '0'),
      known AS MATERIALIZED (
        SELECT j.id, coalesce(l.pid, 0) AS pid
        FROM jobs AS j JOIN pg_catalog.pg_locks AS l
          ON l.locktype = 'transactionid' AND l.granted AND l.transactionid::text::bigint = j.holder),
      held AS MATERIALIZED (
        SELECT w.id FROM (
          SELECT j.id, %3$s AS whole FROM jobs AS j CROSS JOIN
            (SELECT txid_snapshot_xmax(txid_current_snapshot()) AS next) AS n) AS w
        WHERE w.id NOT IN (SELECT k.id FROM known AS k)
          AND CASE WHEN w.whole > 0 THEN txid_status(w.whole) = 'in progress' END),
      near AS (
        SELECT l.pid FROM pg_catalog.pg_locks AS l
        JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
        WHERE EXISTS (SELECT FROM held) AND l.locktype = 'relation' AND l.granted
          AND l.mode NOT IN ('AccessShareLock', 'ShareUpdateExclusiveLock')
          AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
            WHERE d.datname = current_database())
          AND (l.relation = %4$s::regclass OR l.relation IN (
            SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = %4$s::regclass))
          AND a.application_name <> 'selfheal'
        ORDER BY a.xact_start NULLS LAST LIMIT 1),
      lockers AS (
        SELECT k.id, k.pid, true AS sure FROM known AS k
        UNION ALL
        SELECT h.id, e.pid, false FROM held AS h CROSS JOIN near AS e)
      SELECT l.id, l.sure, l.pid, %5$s
      FROM lockers AS l LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
      WHERE a.application_name IS DISTINCT FROM 'selfheal'
      ORDER BY l.id""";

  private RowLocksSql() {}

  /**
   * For the jobs $1 (text[]: ids). Answers {@code id} as text, {@code sure} as boolean, {@code pid}
   * as integer (0: a prepared transaction) and {@link PgBackends#SESSION}. Null when it cannot be
   * told: the role may not read the whole table, as what the system has in its rows takes, or no
   * row of it is changed by its id.
   *
   * @param layout whose ids are those of its key: the one column as it is, or the array of several
   */
  static @Nullable String of(Layout layout, Catalog catalog) {
    if (layout.key().isEmpty() || !catalog.privileges().contains(Privilege.SELECT)) {
      return null;
    }
    String table = layout.table().sql();
    return STATEMENT.formatted(
        table, same(layout.key(), catalog), WHOLE, Sql.text(table), PgBackends.SESSION);
  }

  private static String same(List<String> key, Catalog catalog) {
    return IntStream.range(0, key.size())
        .mapToObj(
            place ->
                "t.%s = %s::%s"
                    .formatted(
                        Sql.name(key.get(place)),
                        key.size() == 1 ? "u.id" : "(u.id::jsonb ->> " + place + ")",
                        catalog.column(key.get(place)).type()))
        .collect(Collectors.joining(" AND "));
  }
}
