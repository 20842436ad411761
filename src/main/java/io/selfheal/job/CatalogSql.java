package io.selfheal.job;

/** The questions to PostgreSQL about one table; see {@link Catalog}. */
final class CatalogSql {
  /**
   * Conditions of the table, and of the domains of its columns, as arrays of one row. Newer servers
   * have some that are not enforced. No column that can be configured has the character 1 in its
   * name.
   */
  private static final String CHECKS =
      """
      SELECT array_agg(o.name ORDER BY o.name, o.expression, o.columns) AS names,
             array_agg(o.expression ORDER BY o.name, o.expression, o.columns) AS expressions,
             array_agg(o.columns ORDER BY o.name, o.expression, o.columns) AS columns,
             array_agg(o.of_domain ORDER BY o.name, o.expression, o.columns) AS domains
      FROM (
        SELECT o.conname::text AS name, pg_get_expr(o.conbin, o.conrelid) AS expression,
               (SELECT string_agg(a.attname, chr(1)) FROM pg_catalog.pg_attribute AS a
                WHERE a.attrelid = o.conrelid AND a.attnum = ANY (o.conkey)) AS columns,
               false AS of_domain
        FROM pg_catalog.pg_constraint AS o
        WHERE o.conrelid = c.oid AND o.contype = 'c'
          AND to_jsonb(o) ->> 'conenforced' IS DISTINCT FROM 'false'
        UNION ALL
        SELECT o.conname::text, pg_get_expr(o.conbin, 0), a.attname::text, true
        FROM pg_catalog.pg_attribute AS a
        JOIN pg_catalog.pg_constraint AS o ON o.contypid = a.atttypid AND o.contype = 'c'
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS o""";

  /** The table itself: $1 its schema, $2 its name. One row, also when it is not there. */
  static final String TABLE =
      """
      SELECT current_user::text AS role, current_database()::text AS database,
             coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS usable,
             c.oid::bigint AS oid, c.relkind::text AS kind,
             coalesce(row_security_active(c.oid), false) AS row_security,
             coalesce(has_table_privilege(c.oid, 'SELECT'), false) AS may_select,
             coalesce(has_table_privilege(c.oid, 'INSERT'), false) AS may_insert,
             coalesce(has_table_privilege(c.oid, 'UPDATE'), false) AS may_update,
             coalesce(has_table_privilege(c.oid, 'DELETE'), false) AS may_delete,
             k.names AS checks, k.expressions, k.columns AS checked, k.domains,
             CASE WHEN c.oid IS NULL THEN ARRAY(
               SELECT s.nspname::text FROM pg_catalog.pg_class AS e
               JOIN pg_catalog.pg_namespace AS s ON s.oid = e.relnamespace
               WHERE e.relname = wanted.table_name AND e.relkind IN ('r', 'p')
               ORDER BY 1 LIMIT 5) END AS elsewhere
      FROM (SELECT $1::text AS schema_name, $2::text AS table_name) AS wanted
      LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = wanted.schema_name
      LEFT JOIN pg_catalog.pg_class AS c
        ON c.relnamespace = n.oid AND c.relname = wanted.table_name
      LEFT JOIN LATERAL (%s) AS k ON true"""
          .formatted(CHECKS);

  /**
   * Its columns, in their order. $1: its oid. A domain is what it is made of, however often one was
   * made of another.
   */
  static final String COLUMNS =
      """
      SELECT a.attname::text AS name,
             format_type(a.atttypid, a.atttypmod) AS type,
             format_type(b.oid, b.modifier) AS base, y.typcategory::text AS category,
             ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum AS e
                   WHERE e.enumtypid = b.oid ORDER BY e.enumsortorder) AS labels,
             a.attgenerated <> '' AS generated,
             a.attnotnull OR y.typnotnull AS not_null,
             has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS readable,
             has_column_privilege(a.attrelid, a.attnum, 'UPDATE') AS writable
      FROM pg_catalog.pg_attribute AS a
      JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
      CROSS JOIN LATERAL (
        WITH RECURSIVE made (oid, of, modifier) AS (
          SELECT y.oid, y.typbasetype, greatest(a.atttypmod, y.typtypmod)
          UNION ALL
          SELECT u.oid, u.typbasetype, greatest(m.modifier, u.typtypmod)
          FROM made AS m JOIN pg_catalog.pg_type AS u ON u.oid = m.of)
        SELECT m.oid, m.modifier FROM made AS m WHERE m.of = 0) AS b
      WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum""";

  /** Its valid indexes. $1: its oid. */
  static final String INDEXES =
      """
      SELECT a.attname::text AS leading, pg_get_expr(i.indpred, i.indrelid) AS predicate
      FROM pg_catalog.pg_index AS i
      LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attnum > 0
      WHERE i.indrelid = $1::bigint::oid AND i.indisvalid AND i.indisready""";

  /** Its partitions. $1: its oid. */
  static final String PARTITIONS =
      """
      SELECT n.nspname::text AS schema_name, c.relname::text AS table_name,
             c.relkind = 'r' AS plain
      FROM pg_catalog.pg_inherits AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid AND c.relispartition
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE i.inhparent = $1::bigint::oid
      ORDER BY 1, 2""";

  /** Sequences that the role may not use. $1: its oid. */
  static final String CLOSED_SEQUENCES =
      """
      SELECT DISTINCT n.nspname::text AS schema_name, s.relname::text AS sequence_name
      FROM pg_catalog.pg_attrdef AS f
      JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_attrdef'::regclass
        AND d.objid = f.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
      JOIN pg_catalog.pg_class AS s ON s.oid = d.refobjid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = s.relnamespace
      WHERE f.adrelid = $1::bigint::oid
        AND CASE WHEN s.relkind = 'S' THEN NOT has_sequence_privilege(s.oid, 'USAGE, UPDATE') END
      ORDER BY 1, 2""";

  private CatalogSql() {}
}
