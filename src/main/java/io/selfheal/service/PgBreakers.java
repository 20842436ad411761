package io.selfheal.service;

import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.ToLongFunction;

/** The breakers that agents have open, in PostgreSQL. */
final class PgBreakers {
  private static final String PUBLISH =
      """
      WITH given AS (
        SELECT * FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[])
          AS g (service, epoch, age, remains, reason)
      ), gone AS (
        DELETE FROM selfheal.breakers b
        WHERE b.guard = $1 AND NOT EXISTS (SELECT FROM given g WHERE g.service = b.service)
      )
      INSERT INTO selfheal.breakers AS b (guard, service, epoch, opened_at, until, reason)
      SELECT $1, service, epoch, now() - age * interval '1 microsecond',
             now() + remains * interval '1 microsecond', reason
      FROM given
      ON CONFLICT (guard, service) DO UPDATE SET
        epoch = excluded.epoch, opened_at = excluded.opened_at, until = excluded.until,
        reason = excluded.reason
      WHERE b.epoch <> excluded.epoch
      """;

  /** The clock is read behind the snapshot; ages are what agents can compare. */
  private static final String READ =
      """
      SELECT p.agents, b.service, g.agent, b.reason,
             (extract(epoch FROM c.now - b.opened_at) * 1000000)::bigint AS age,
             (extract(epoch FROM b.until - c.now) * 1000000)::bigint AS remains
      FROM (SELECT clock_timestamp() AS now) c
      CROSS JOIN (
        SELECT count(*) AS agents FROM selfheal.guards
        WHERE seen_at > now() - interval '15 seconds') p
      LEFT JOIN (
        selfheal.breakers b
        JOIN selfheal.guards g
          ON g.id = b.guard AND g.id <> $1 AND g.seen_at > now() - interval '15 seconds')
        ON b.until > c.now
      ORDER BY b.opened_at, b.guard
      """;

  private final Database database;

  PgBreakers(Database database) {
    this.database = database;
  }

  /**
   * One that is open here.
   *
   * @param age since it opened, in microseconds
   * @param remains until it looks, likewise
   */
  record Open(String service, long epoch, long age, long remains, String reason) {}

  /**
   * What was read.
   *
   * @param agents that live, this one among them
   * @param votes of the others
   */
  record Read(int agents, List<Vote> votes) {}

  /** Says which are open here, and that no other is. */
  Future<Void> publish(UUID id, List<Open> open) {
    Tuple values =
        Tuple.of(id)
            .addArrayOfString(open.stream().map(Open::service).toArray(String[]::new))
            .addArrayOfLong(longs(open, Open::epoch))
            .addArrayOfLong(longs(open, Open::age))
            .addArrayOfLong(longs(open, Open::remains))
            .addArrayOfString(open.stream().map(Open::reason).toArray(String[]::new));
    return database.use(pool -> pool.preparedQuery(PUBLISH).execute(values)).mapEmpty();
  }

  private static Long[] longs(List<Open> open, ToLongFunction<Open> value) {
    return open.stream().mapToLong(value).boxed().toArray(Long[]::new);
  }

  /**
   * Reads those of the others.
   *
   * @param mark now, before anything is asked: what is read is rather older than younger
   */
  Future<Read> read(UUID id, long mark) {
    return database
        .use(pool -> pool.preparedQuery(READ).execute(Tuple.of(id)))
        .map(
            rows -> {
              int agents = 0;
              List<Vote> votes = new ArrayList<>();
              for (Row row : rows) {
                agents = row.getInteger("agents");
                if (row.getString("service") != null) {
                  votes.add(vote(row, mark));
                }
              }
              return new Read(agents, votes);
            });
  }

  private static Vote vote(Row row, long mark) {
    return new Vote(
        row.getString("service"),
        row.getString("agent"),
        mark - row.getLong("age") * 1000,
        mark + row.getLong("remains") * 1000,
        row.getString("reason"));
  }
}
