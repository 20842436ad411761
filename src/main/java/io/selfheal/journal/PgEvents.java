package io.selfheal.journal;

import io.selfheal.message.Recorded;
import io.selfheal.message.Severity;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events in PostgreSQL. */
final class PgEvents {
  private static final Logger LOG = LoggerFactory.getLogger(PgEvents.class);
  private static final String COLUMNS =
      "epoch, \"offset\", id, time, type, severity, subject, incident_id, sample, json::text AS json";

  private static final String OF_TYPES =
      " AND (type = ANY ($%d) OR EXISTS (SELECT FROM unnest($%d::text[]) AS p (family)"
          + " WHERE starts_with(type, p.family)))";

  private static final String OF_INCIDENT =
      "incident_id = $1::text AND ($2::text IS NULL OR subject = $2)";

  /** Of events that tell of many jobs. */
  private static final String TOGETHER = "subject = $6::text AND strpos(json::text, $7::text) > 0";

  /** As the index of jobs has it: only so it serves. */
  private static final String OF_JOB =
      "starts_with(subject, 'job/') AND (subject = $2::text OR "
          + TOGETHER
          + ") AND $1::text IS NULL";

  /** Reads all of that index: seldom asked, by a person who has but a part of an id. */
  private static final String OF_JOBS =
      "starts_with(subject, 'job/') AND $1::text IS NULL"
          + " AND (starts_with(subject, $2::text)"
          + " AND right(subject, length($8::text)) = $8"
          + " AND length(subject) >= length($2) + length($8) OR "
          + TOGETHER
          + ")";

  private static final String INSERT =
      """
      INSERT INTO selfheal.events
        (agent, epoch, "offset", time, id, type, severity, subject, incident_id, sample, json)
      SELECT $1, e.epoch, e.place, e.time, e.id, e.type, e.severity, e.subject, e.incident,
             e.sample, e.document::json
      FROM unnest($2::bigint[], $3::bigint[], $4::timestamptz[], $5::uuid[], $6::text[],
                  $7::text[], $8::text[], $9::text[], $10::boolean[], $11::text[])
        AS e (epoch, place, time, id, type, severity, subject, incident, sample, document)
      ON CONFLICT DO NOTHING
      """;

  private final Database database;
  private final String agent;
  private final Set<LocalDate> days = new HashSet<>();

  PgEvents(Database database, String agent) {
    this.database = database;
    this.agent = agent;
  }

  /** Writes each once. An event that PostgreSQL cannot hold is left out, so that others pass. */
  Future<Void> write(List<Recorded> events) {
    return ensure(events)
        .compose(done -> insert(events))
        .recover(failure -> isData(failure) ? oneByOne(events) : failed(failure));
  }

  private Future<Void> failed(Throwable failure) {
    // Another agent may have dropped a day that we know: look again.
    days.clear();
    return Future.failedFuture(failure);
  }

  private Future<Void> ensure(List<Recorded> events) {
    Future<Void> ready = Future.succeededFuture();
    for (LocalDate day : events.stream().map(event -> day(event.time())).distinct().toList()) {
      if (!days.contains(day)) {
        ready = ready.compose(done -> ensure(day));
      }
    }
    return ready;
  }

  /** Makes room for a day. */
  Future<Void> ensure(LocalDate day) {
    return database
        .use(
            pool ->
                pool.preparedQuery("SELECT selfheal.ensure_events_day($1)").execute(Tuple.of(day)))
        .onSuccess(done -> days.add(day))
        .mapEmpty();
  }

  private Future<Void> insert(List<Recorded> events) {
    return database.use(pool -> pool.preparedQuery(INSERT).execute(columns(events))).mapEmpty();
  }

  /** One event of a batch has something in it that PostgreSQL refuses. */
  private Future<Void> oneByOne(List<Recorded> events) {
    Future<Void> written = Future.succeededFuture();
    for (Recorded event : events) {
      written =
          written
              .compose(done -> insert(List.of(event)))
              .recover(failure -> isData(failure) ? leftOut(event, failure) : failed(failure));
    }
    return written;
  }

  private static Future<Void> leftOut(Recorded event, Throwable failure) {
    LOG.error(
        "PostgreSQL cannot hold event {} ({}); it is left out there",
        event.id(),
        event.type(),
        failure);
    return Future.succeededFuture();
  }

  /** SQLSTATE class 22: the data itself. */
  private static boolean isData(Throwable failure) {
    return failure instanceof PgException pg && pg.getSqlState().startsWith("22");
  }

  private Tuple columns(List<Recorded> events) {
    return Tuple.tuple()
        .addString(agent)
        .addArrayOfLong(column(events, Recorded::epoch, new Long[0]))
        .addArrayOfLong(column(events, Recorded::offset, new Long[0]))
        .addArrayOfOffsetDateTime(
            column(events, event -> event.time().atOffset(ZoneOffset.UTC), new OffsetDateTime[0]))
        .addArrayOfUUID(column(events, event -> UUID.fromString(event.id()), new UUID[0]))
        .addArrayOfString(column(events, Recorded::type, new String[0]))
        .addArrayOfString(
            column(
                events, event -> event.severity().name().toLowerCase(Locale.ROOT), new String[0]))
        .addArrayOfString(column(events, event -> plain(event.subject()), new String[0]))
        .addArrayOfString(column(events, Recorded::incidentId, new String[0]))
        .addArrayOfBoolean(column(events, Recorded::sample, new Boolean[0]))
        .addArrayOfString(
            column(
                events, event -> new String(event.json(), StandardCharsets.UTF_8), new String[0]));
  }

  /** PostgreSQL's text holds no NUL. */
  private static String plain(String text) {
    return text.replace('\0', '\ufffd');
  }

  private static <T> T[] column(
      List<Recorded> events, Function<Recorded, ? extends T> value, T[] type) {
    return events.stream().map(value).toList().toArray(type);
  }

  /** Behind an offset, oldest first. */
  Future<List<Recorded>> after(long epoch, long offset, int most) {
    return select(
        "SELECT "
            + COLUMNS
            + " FROM selfheal.events WHERE agent = $1 AND epoch = $2 AND \"offset\" > $3"
            + " ORDER BY \"offset\" LIMIT $4",
        Tuple.of(agent, epoch, offset, most));
  }

  /** Before an offset, newest first. */
  Future<List<Recorded>> before(long epoch, long offset, Filter filter, int most) {
    return select(
        "SELECT "
            + COLUMNS
            + " FROM selfheal.events WHERE agent = $1 AND epoch = $2 AND \"offset\" < $3"
            + OF_TYPES.formatted(4, 5)
            + " AND ($6::text IS NULL OR subject = $6)"
            + " ORDER BY \"offset\" DESC LIMIT $7",
        types(Tuple.of(agent, epoch, offset), filter).addString(filter.subject()).addInteger(most));
  }

  /** Of an incident or of jobs, by whichever agent and in whichever epoch, newest first. */
  Future<List<Recorded>> trace(Filter filter, int most) {
    Tuple values = types(Tuple.of(filter.incident(), filter.subject()), filter).addInteger(most);
    String which = OF_INCIDENT;
    if (filter.incident() == null) {
      which = filter.ending() == null ? OF_JOB : OF_JOBS;
      values.addString(filter.together()).addString(filter.part());
      if (filter.ending() != null) {
        values.addString(filter.ending());
      }
    }
    return select(
        "SELECT "
            + COLUMNS
            + " FROM selfheal.events WHERE "
            + which
            + OF_TYPES.formatted(3, 4)
            + " ORDER BY id DESC LIMIT $5",
        values);
  }

  private static Tuple types(Tuple values, Filter filter) {
    return values
        .addArrayOfString(filter.types().exact().toArray(String[]::new))
        .addArrayOfString(filter.types().prefixes().toArray(String[]::new));
  }

  /** The oldest offset of an epoch. */
  Future<Optional<Long>> oldest(long epoch) {
    return rows(
            "SELECT min(\"offset\") FROM selfheal.events WHERE agent = $1 AND epoch = $2",
            Tuple.of(agent, epoch))
        .map(rows -> Optional.ofNullable(rows.iterator().next().getLong(0)));
  }

  /** Drops the days before one. */
  Future<Integer> dropBefore(LocalDate day) {
    days.removeIf(known -> known.isBefore(day));
    return rows("SELECT selfheal.drop_events_before($1)", Tuple.of(day))
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  private Future<List<Recorded>> select(String sql, Tuple values) {
    return rows(sql, values)
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(PgEvents::read).toList());
  }

  private Future<RowSet<Row>> rows(String sql, Tuple values) {
    return database.use((Pool pool) -> pool.preparedQuery(sql).execute(values));
  }

  private static Recorded read(Row row) {
    return new Recorded(
        row.getLong("epoch"),
        row.getLong("offset"),
        row.getUUID("id").toString(),
        row.getOffsetDateTime("time").toInstant(),
        row.getString("type"),
        Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
        row.getString("subject"),
        row.getString("incident_id"),
        row.getBoolean("sample"),
        row.getString("json").getBytes(StandardCharsets.UTF_8));
  }

  /** The day that an event belongs to. */
  static LocalDate day(Instant time) {
    return time.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
