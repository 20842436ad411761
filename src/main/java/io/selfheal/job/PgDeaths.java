package io.selfheal.job;

import io.selfheal.job.Poison.Known;
import io.selfheal.json.Json;
import io.selfheal.message.DeadLetter.Death;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Deaths of workers on the jobs of one source, in the agents' database. */
final class PgDeaths {
  /** A job that lives through so long is not poison. */
  private static final String KEPT = "interval '30 days'";

  /**
   * Those of the asked jobs, of these places. What was remembered and then written together has one
   * time.
   */
  private static final String KNOWN =
      """
      SELECT d.job_id, d.claim = c.claim AS own, d.points, d.attempts,
             d.evidence::text AS evidence, d.at
      FROM unnest($2::text[], $3::text[], $4::text[]) AS c (place, job_id, claim)
      JOIN selfheal.deaths AS d
        ON d.source = $1 AND d.place = c.place AND d.job_id = c.job_id
      WHERE d.at > now() - %s
      ORDER BY d.at, d.attempts NULLS FIRST"""
          .formatted(KEPT);

  /**
   * The commit does not wait for the disk: should the server crash in that moment, a job is tried
   * once more than it deserves.
   */
  private static final String WRITE =
      """
      INSERT INTO selfheal.deaths
        (source, table_name, place, job_id, claim, points, attempts, evidence)
      SELECT $1, $2, c.place, c.job_id, c.claim, c.points, c.attempts, c.evidence::jsonb
      FROM unnest($3::text[], $4::text[], $5::float8[], $6::bigint[], $7::text[],
                  $8::text[]) AS c (job_id, claim, points, attempts, evidence, place),
           (SELECT set_config('synchronous_commit', 'off', true)) AS quickly
      ORDER BY c.job_id, c.claim
      ON CONFLICT DO NOTHING""";

  private final String source;
  private final String table;
  private final Database database;

  PgDeaths(SourceConfig config, Database database) {
    this.source = config.name();
    this.table = config.layout().table().toString();
    this.database = database;
  }

  /** Job → its deaths. */
  Future<Map<String, Known>> known(List<Judgement> jobs) {
    Tuple values =
        Tuple.of(source)
            .addArrayOfString(jobs.stream().map(one -> one.job().place()).toArray(String[]::new))
            .addArrayOfString(jobs.stream().map(one -> one.job().id()).toArray(String[]::new))
            .addArrayOfString(
                jobs.stream().map(one -> Fate.digest(one.job().claim())).toArray(String[]::new));
    return database.use(pool -> pool.preparedQuery(KNOWN).execute(values)).map(PgDeaths::known);
  }

  private static Map<String, Known> known(RowSet<Row> rows) {
    Map<String, List<Death>> earlier = new HashMap<>();
    Map<String, Death> own = new HashMap<>();
    for (Row row : rows) {
      String job = row.getString("job_id");
      List<Death> others = earlier.computeIfAbsent(job, id -> new ArrayList<>());
      if (row.getBoolean("own")) {
        own.put(job, death(row));
      } else {
        others.add(death(row));
      }
    }
    Map<String, Known> known = new HashMap<>();
    earlier.forEach((job, deaths) -> known.put(job, new Known(deaths, own.get(job))));
    return known;
  }

  private static Death death(Row row) {
    return new Death(
        row.getDouble("points"),
        row.getLong("attempts"),
        texts(row.getString("evidence")),
        row.getOffsetDateTime("at").toInstant());
  }

  private static List<String> texts(String json) {
    try {
      return List.of(Json.read(json.getBytes(StandardCharsets.UTF_8), String[].class));
    } catch (IOException other) {
      return List.of(json);
    }
  }

  /** Writes those that are not there yet. */
  Future<Void> write(List<Fate> fates) {
    Tuple values =
        Tuple.of(source, table)
            .addArrayOfString(fates.stream().map(Fate::jobId).toArray(String[]::new))
            .addArrayOfString(fates.stream().map(Fate::claim).toArray(String[]::new))
            .addArrayOfDouble(
                fates.stream().map(fate -> fate.death().points()).toArray(Double[]::new))
            .addArrayOfLong(
                fates.stream().map(fate -> fate.death().attempts()).toArray(Long[]::new))
            .addArrayOfString(
                fates.stream().map(fate -> json(fate.death().evidence())).toArray(String[]::new))
            .addArrayOfString(fates.stream().map(Fate::place).toArray(String[]::new));
    return database.use(pool -> pool.preparedQuery(WRITE).execute(values)).mapEmpty();
  }

  /** jsonb holds no NUL. */
  static String json(Object value) {
    return Json.text(value).replace("\\u0000", "\\ufffd");
  }

  /** Deletes what is too old to count. */
  Future<Void> forget() {
    return database
        .use(
            pool ->
                pool.preparedQuery(
                        "DELETE FROM selfheal.deaths WHERE source = $1 AND at < now() - " + KEPT)
                    .execute(Tuple.of(source)))
        .mapEmpty();
  }
}
