package io.selfheal.journal;

import io.selfheal.json.Json;
import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Incidents in PostgreSQL. */
final class PgIncidents {
  private static final Logger LOG = LoggerFactory.getLogger(PgIncidents.class);
  private static final String UPSERT =
      """
      INSERT INTO selfheal.incidents
        (id, agent, state, is_over, subject, symptom, opened_at, closed_at, document)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::json)
      ON CONFLICT (id) DO UPDATE SET
        state = excluded.state, is_over = excluded.is_over,
        closed_at = excluded.closed_at, document = excluded.document
      WHERE incidents.agent = excluded.agent
      """;

  private final Database database;

  PgIncidents(Database database) {
    this.database = database;
  }

  Future<Void> save(Collection<Incident> incidents) {
    List<Tuple> rows = incidents.stream().map(PgIncidents::row).toList();
    return database.use(pool -> pool.preparedQuery(UPSERT).executeBatch(rows)).mapEmpty();
  }

  private static Tuple row(Incident incident) {
    return Tuple.tuple()
        .addString(plain(incident.id()))
        .addString(plain(incident.agent()))
        .addString(incident.state().name().toLowerCase(Locale.ROOT))
        .addBoolean(incident.state().over())
        .addString(plain(incident.subject()))
        .addString(plain(incident.symptom()))
        .addOffsetDateTime(utc(incident.openedAt()))
        .addOffsetDateTime(utc(incident.closedAt()))
        .addString(Json.text(incident));
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  /** PostgreSQL's text holds no NUL. */
  private static String plain(String text) {
    return text.replace('\0', '\ufffd');
  }

  Future<List<Incident>> list(ListIncidents query, int most) {
    @Nullable String before = query.before();
    return select(
        "SELECT id, document::text AS document FROM selfheal.incidents"
            + (query.openOnly() ? " WHERE NOT is_over" : " WHERE true")
            + " AND ($1::text IS NULL OR id < $1)"
            + " AND ($3::timestamptz IS NULL OR NOT is_over OR closed_at >= $3)"
            + " ORDER BY id DESC LIMIT $2",
        Tuple.tuple()
            .addString(before == null ? null : plain(before))
            .addInteger(most)
            .addOffsetDateTime(utc(query.since())));
  }

  Future<Optional<Incident>> find(String id) {
    return select(
            "SELECT id, document::text AS document FROM selfheal.incidents WHERE id = $1",
            Tuple.of(plain(id)))
        .map(found -> found.stream().findFirst());
  }

  private Future<List<Incident>> select(String sql, Tuple values) {
    return database
        .use(pool -> pool.preparedQuery(sql).execute(values))
        .map(
            rows -> {
              List<Incident> incidents = new ArrayList<>();
              rows.forEach(row -> read(row).ifPresent(incidents::add));
              return incidents;
            });
  }

  /** Another agent may be of a newer version. */
  private static Optional<Incident> read(Row row) {
    try {
      byte[] document = row.getString("document").getBytes(StandardCharsets.UTF_8);
      return Optional.of(Json.read(document, Incident.class));
    } catch (IOException unreadable) {
      LOG.warn(
          "Incident {} in PostgreSQL is not in this version's form; it is left out",
          row.getString("id"),
          unreadable);
      return Optional.empty();
    }
  }
}
