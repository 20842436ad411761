package io.selfheal.job;

/**
 * Lets a look tell at which place the jobs of a source are, so that what is remembered of a job is
 * not taken for that of another one with its id. Pure.
 *
 * <p>A place is the server, the database, the table and the file that it is in. A table that is
 * truncated is in another file, and its ids may begin anew; one that was dropped and made again is
 * another table. It is told with the jobs, for the lock of that statement keeps the table what it
 * is; once for all of them, as a number that costs little to send with each; and not at all when
 * there is none. Times would tell less: not every library writes when a job was made, and those
 * that do, mostly by the clocks of their clients.
 *
 * <p>Weaknesses: {@code VACUUM FULL}, {@code CLUSTER}, pg_repack, another tablespace, and changes
 * that write all rows anew put the table into another file, too; a dump that is restored makes
 * another table. Then deaths are forgotten, and a job that kills its workers is tried as often
 * again, no more. Who deletes all rows and only then sets the numbers back is not noticed. A
 * partitioned table has no file of its own.
 */
final class PlaceSql {
  /** Every role may call it, unless somebody has taken that from all. */
  static final String TOLD =
      "SELECT has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') AS told";

  private PlaceSql() {}

  /**
   * The same look, which answers {@code place} as bigint, too.
   *
   * @param server whether the role may ask which server it is
   */
  static String with(String look, TableName table, boolean server) {
    return """
        SELECT f.*, (
          SELECT hashtextextended(
            concat_ws(' ', %1$s, d.oid, %2$s::oid, pg_catalog.pg_relation_filenode(%2$s)), 0)
          FROM pg_catalog.pg_database AS d WHERE d.datname = current_database()) AS place
        FROM (
        %3$s
        ) AS f"""
        .formatted(
            server
                ? "(SELECT s.system_identifier FROM pg_catalog.pg_control_system() AS s)"
                : "NULL",
            Sql.text(table.sql()) + "::regclass",
            look);
  }
}
