package io.selfheal.job;

import io.selfheal.json.Json;
import io.selfheal.message.DeadLetter;
import io.selfheal.message.DeadLetter.Death;
import io.selfheal.message.DeadLetterRequests.DeadLetters;
import io.selfheal.message.DeadLetterRequests.ListDeadLetters;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Jobs that are not tried again, in the agents' database. */
final class PgDeadLetters {
  private static final String WRITE =
      """
      INSERT INTO selfheal.dead_letters
        (source, place, job_id, claim, effect, reason, reasons, state)
      SELECT $1, c.place, c.job_id, c.claim, c.effect, c.reason, c.reasons::jsonb, $8
      FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
             AS c (place, job_id, claim, effect, reason, reasons)
      ORDER BY c.job_id, c.claim
      ON CONFLICT (source, place, job_id, claim)""";

  /** Who turns an intended one into an added one is the one to say so. */
  private static final String ADD =
      " DO UPDATE SET state = 'added', at = now() WHERE dead_letters.state = 'intended'"
          + " RETURNING job_id, id";

  private static final String WITHDRAW =
      """
      DELETE FROM selfheal.dead_letters AS d
      USING unnest($2::text[], $3::text[], $4::text[]) AS c (place, job_id, claim)
      WHERE d.source = $1 AND d.place = c.place AND d.job_id = c.job_id AND d.claim = c.claim AND d.state = 'intended'""";

  /** One that is younger may be another agent's that is at it. */
  private static final String INTENDED =
      """
      SELECT place, job_id, claim, effect, reason, reasons::text AS reasons
      FROM selfheal.dead_letters
      WHERE source = $1 AND state = 'intended' AND at < now() - interval '30 seconds'
      ORDER BY id LIMIT 1000""";

  private static final String LIST =
      """
      SELECT id, source, job_id, effect, reason, reasons::text AS reasons, state, at
      FROM selfheal.dead_letters
      WHERE state <> 'intended' AND ($1::text IS NULL OR source = $1)
        AND ($2::bigint IS NULL OR id < $2)
      ORDER BY id DESC LIMIT $3""";

  private final Database database;

  PgDeadLetters(Database database) {
    this.database = database;
  }

  /** Writes what is about to be done. */
  Future<Void> intend(String source, List<Fate> fates) {
    return database
        .use(
            pool ->
                pool.preparedQuery(WRITE + " DO NOTHING")
                    .execute(values(source, fates, "intended")))
        .mapEmpty();
  }

  /** Writes what was done; job → id of those of which nobody had written it yet. */
  Future<Map<String, String>> add(String source, List<Fate> fates) {
    return database
        .use(pool -> pool.preparedQuery(WRITE + ADD).execute(values(source, fates, "added")))
        .map(
            rows -> {
              Map<String, String> added = new HashMap<>();
              rows.forEach(row -> added.put(row.getString("job_id"), "" + row.getLong("id")));
              return added;
            });
  }

  /** What was intended was not done. */
  Future<Void> withdraw(String source, List<Fate> fates) {
    Tuple values =
        Tuple.of(source)
            .addArrayOfString(fates.stream().map(Fate::place).toArray(String[]::new))
            .addArrayOfString(fates.stream().map(Fate::jobId).toArray(String[]::new))
            .addArrayOfString(fates.stream().map(Fate::claim).toArray(String[]::new));
    return database.use(pool -> pool.preparedQuery(WITHDRAW).execute(values)).mapEmpty();
  }

  /** What was intended, and nobody wrote how it went. */
  Future<List<Fate>> intended(String source) {
    return database
        .use(pool -> pool.preparedQuery(INTENDED).execute(Tuple.of(source)))
        .map(
            rows -> {
              List<Fate> fates = new ArrayList<>();
              rows.forEach(row -> fates.add(fate(row)));
              return fates;
            });
  }

  /** One page, newest first. */
  Future<DeadLetters> list(ListDeadLetters query) {
    Tuple values =
        Tuple.tuple().addString(query.source()).addLong(query.before()).addInteger(query.limit());
    return database
        .use(pool -> pool.preparedQuery(LIST).execute(values))
        .map(
            rows -> {
              List<DeadLetter> letters = new ArrayList<>();
              rows.forEach(row -> letters.add(letter(row)));
              boolean more = !letters.isEmpty() && letters.size() >= query.limit();
              return new DeadLetters(letters, more ? letters.getLast().id() : null);
            });
  }

  private static Tuple values(String source, List<Fate> fates, String state) {
    return Tuple.of(source)
        .addArrayOfString(fates.stream().map(Fate::place).toArray(String[]::new))
        .addArrayOfString(fates.stream().map(Fate::jobId).toArray(String[]::new))
        .addArrayOfString(fates.stream().map(Fate::claim).toArray(String[]::new))
        .addArrayOfString(
            fates.stream()
                .map(fate -> fate.effect().name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new))
        .addArrayOfString(fates.stream().map(Fate::reason).toArray(String[]::new))
        .addArrayOfString(
            fates.stream().map(fate -> PgDeaths.json(fate.deaths())).toArray(String[]::new))
        .addString(state);
  }

  private static Fate fate(Row row) {
    return new Fate(
        row.getString("place"),
        row.getString("job_id"),
        row.getString("claim"),
        effect(row),
        row.getString("reason"),
        deaths(row));
  }

  private static DeadLetter letter(Row row) {
    return new DeadLetter(
        "" + row.getLong("id"),
        row.getString("source"),
        row.getString("job_id"),
        effect(row),
        row.getString("reason"),
        deaths(row),
        DeadLetter.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getOffsetDateTime("at").toInstant());
  }

  private static Effect effect(Row row) {
    return Effect.valueOf(row.getString("effect").toUpperCase(Locale.ROOT));
  }

  private static List<Death> deaths(Row row) {
    byte[] json = row.getString("reasons").getBytes(StandardCharsets.UTF_8);
    try {
      return List.of(Json.read(json, Death[].class));
    } catch (IOException other) {
      throw new IllegalStateException("a dead letter is not in this version's form", other);
    }
  }
}
