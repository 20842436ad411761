package io.selfheal.service;

import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The shares of budgets in PostgreSQL. */
final class PgBudgets {
  private static final String MAKE =
      """
      INSERT INTO selfheal.budgets (service, currency, starts_at, ends_at, amount, granted)
      SELECT service, currency, starts_at, ends_at, amount, 0
      FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::bigint[])
        WITH ORDINALITY AS g (service, currency, starts_at, ends_at, amount, place)
      ORDER BY place
      ON CONFLICT DO NOTHING
      """;

  /** One agent at a time: the statement after this one sees all that was committed before. */
  private static final String LOCK =
      """
      SELECT b.id
      FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
        AS g (service, currency, starts_at, ends_at)
      JOIN selfheal.budgets b USING (service, currency, starts_at, ends_at)
      ORDER BY b.service COLLATE "C", b.currency COLLATE "C", b.starts_at, b.ends_at
      FOR UPDATE OF b
      """;

  /**
   * A share is what the agent keeps, and more as far as nobody else holds it. It changes only when
   * its turn is one that the agent knows of; an agent that does not know can only make it more.
   */
  private static final String EXCHANGE =
      """
      WITH asked AS (
        SELECT * FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[],
                             $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[],
                             $11::boolean[], $12::bigint[], $13::bigint[])
          AS a (service, currency, starts_at, ends_at, own, keep, want, now_used, claim, known, next)
      ), found AS (
        SELECT b.id, a.*, coalesce(s.granted, 0) AS held, s.turn AS is_turn,
               coalesce(s.run = $14, false) AS ours,
               a.claim OR coalesce(s.turn >= a.known AND s.turn < a.next, false) AS valid,
               b.granted AS total, LEAST(a.own, o.amount) AS least, o.agents, o.unused
        FROM asked a
        JOIN selfheal.budgets b USING (service, currency, starts_at, ends_at)
        LEFT JOIN selfheal.budget_shares s ON s.budget = b.id AND s.guard = $1
        CROSS JOIN LATERAL (
          SELECT min(t.amount) AS amount, count(*) AS agents,
                 coalesce(sum(GREATEST(t.granted - t.used, 0)), 0)::bigint AS unused
          FROM selfheal.budget_shares t
          JOIN selfheal.guards p ON p.id = t.guard
          WHERE t.budget = b.id AND t.guard <> $1 AND p.seen_at > now() - interval '30 seconds'
        ) o
      ), decided AS (
        SELECT *,
               CASE WHEN valid
                    THEN GREATEST(CASE WHEN claim THEN held ELSE 0 END, keep,
                                  LEAST(want, least - (total - held)))
                    ELSE held END AS granted,
               CASE WHEN claim THEN coalesce(is_turn, 0) + 1000000 WHEN valid THEN next
                    ELSE coalesce(is_turn, -1) END AS turn
        FROM found
      ), written AS (
        INSERT INTO selfheal.budget_shares AS s
          (budget, guard, agent, amount, granted, used, seen_at, turn, run)
        SELECT id, $1, $2, own, granted, now_used, now(), turn, $14 FROM decided WHERE valid
        ON CONFLICT (budget, guard) DO UPDATE SET
          agent = excluded.agent, amount = excluded.amount, granted = excluded.granted,
          used = excluded.used, seen_at = excluded.seen_at, turn = excluded.turn,
          run = excluded.run
      ), summed AS (
        UPDATE selfheal.budgets b SET granted = d.total - d.held + d.granted, amount = d.least
        FROM decided d
        WHERE d.valid AND b.id = d.id
      )
      SELECT service, currency, starts_at, ends_at, valid, ours, turn, granted,
             least - (total - held + granted) AS free, unused, least, agents
      FROM decided
      """;

  private static final String SCARCE =
      """
      SELECT b.service, b.currency, b.starts_at, b.ends_at, b.amount - b.granted AS free,
             (SELECT count(*) FROM selfheal.budget_shares t
              JOIN selfheal.guards p ON p.id = t.guard
              WHERE t.budget = b.id AND t.guard <> $1
                AND p.seen_at > now() - interval '30 seconds') AS agents
      FROM selfheal.budget_shares s
      JOIN selfheal.budgets b ON b.id = s.budget
      WHERE s.guard = $1 AND s.granted > s.used AND s.seen_at > now() - interval '1 day'
        AND b.granted > b.amount / 2
      """;

  /** Not by the end of the period alone: the clock of an agent may be wrong. */
  private static final String TIDY =
      """
      DELETE FROM selfheal.budgets b
      WHERE b.ends_at < now() - interval '40 days'
        AND NOT EXISTS (
          SELECT FROM selfheal.budget_shares s
          WHERE s.budget = b.id AND s.seen_at > now() - interval '40 days')
      """;

  private final Database database;
  private final String agent;
  private final UUID run = UUID.randomUUID();

  /**
   * @param agent the agent's name
   */
  PgBudgets(Database database, String agent) {
    this.database = database;
    this.agent = agent;
  }

  /** Changes shares, all of them or none. */
  Future<Map<BudgetKey, ShareAnswer>> exchange(UUID id, List<ShareAsk> asks) {
    return database.use(
        pool ->
            pool.withTransaction(
                connection ->
                    make(connection, asks)
                        .compose(made -> run(connection, LOCK, keys(Tuple.tuple(), asks)))
                        .compose(locked -> run(connection, EXCHANGE, values(id, asks)))
                        .map(PgBudgets::answers)));
  }

  private static Future<?> make(SqlConnection connection, List<ShareAsk> asks) {
    List<ShareAsk> claims = asks.stream().filter(ShareAsk::claim).toList();
    return claims.isEmpty()
        ? Future.succeededFuture()
        : run(
            connection,
            MAKE,
            keys(Tuple.tuple(), claims).addArrayOfLong(longs(claims, ShareAsk::amount)));
  }

  private static Future<RowSet<Row>> run(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values);
  }

  private Tuple values(UUID id, List<ShareAsk> asks) {
    return keys(Tuple.of(id, agent), asks)
        .addArrayOfLong(longs(asks, ShareAsk::amount))
        .addArrayOfLong(longs(asks, ShareAsk::keep))
        .addArrayOfLong(longs(asks, ShareAsk::want))
        .addArrayOfLong(longs(asks, ShareAsk::used))
        .addArrayOfBoolean(asks.stream().map(ShareAsk::claim).toArray(Boolean[]::new))
        .addArrayOfLong(longs(asks, ShareAsk::known))
        .addArrayOfLong(longs(asks, ShareAsk::turn))
        .addUUID(run);
  }

  private static Tuple keys(Tuple values, List<ShareAsk> asks) {
    List<BudgetKey> keys = asks.stream().map(ShareAsk::budget).toList();
    return values
        .addArrayOfString(keys.stream().map(BudgetKey::service).toArray(String[]::new))
        .addArrayOfString(keys.stream().map(BudgetKey::currency).toArray(String[]::new))
        .addArrayOfOffsetDateTime(times(keys, key -> key.period().start()))
        .addArrayOfOffsetDateTime(times(keys, key -> key.period().end()));
  }

  private static OffsetDateTime[] times(List<BudgetKey> keys, Function<BudgetKey, Long> millis) {
    return keys.stream()
        .map(key -> Instant.ofEpochMilli(millis.apply(key)).atOffset(ZoneOffset.UTC))
        .toArray(OffsetDateTime[]::new);
  }

  private static Long[] longs(List<ShareAsk> asks, ToLongFunction<ShareAsk> value) {
    return asks.stream().mapToLong(value).boxed().toArray(Long[]::new);
  }

  private static Map<BudgetKey, ShareAnswer> answers(RowSet<Row> rows) {
    Map<BudgetKey, ShareAnswer> answers = new HashMap<>();
    for (Row row : rows) {
      BudgetKey key = key(row);
      answers.put(
          key,
          new ShareAnswer(
              key,
              row.getBoolean("valid"),
              row.getBoolean("ours"),
              row.getLong("turn"),
              row.getLong("granted"),
              row.getLong("free"),
              row.getLong("unused"),
              row.getLong("least"),
              1 + row.getInteger("agents")));
    }
    return answers;
  }

  private static BudgetKey key(Row row) {
    return new BudgetKey(
        row.getString("service"),
        row.getString("currency"),
        new BudgetPeriod(millis(row, "starts_at"), millis(row, "ends_at")));
  }

  private static long millis(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant().toEpochMilli();
  }

  /** Those budgets of which more than half is granted, and of which this agent has unused parts. */
  Future<List<Shares.Scarce>> scarce(UUID id) {
    return database
        .use(pool -> pool.preparedQuery(SCARCE).execute(Tuple.of(id)))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Shares.Scarce(
                                key(row), row.getLong("free"), 1 + row.getInteger("agents")))
                    .toList());
  }

  /** Deletes what is long over. */
  Future<Void> tidy() {
    return database.use(pool -> pool.query(TIDY).execute()).mapEmpty();
  }
}
