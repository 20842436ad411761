package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Views to rows, and back. Pure. */
final class PgViewRows {
  private PgViewRows() {}

  /** Adds the processes to a tuple, a column an array. */
  static Tuple write(Tuple row, List<Mention> found) {
    return row.addArrayOfString(column(found, Mention::worker, new String[0]))
        .addArrayOfString(column(found, Mention::instance, new String[0]))
        .addArrayOfLong(column(found, one -> one.process().pid(), new Long[0]))
        .addArrayOfLong(column(found, one -> one.process().startTicks(), new Long[0]))
        .addArrayOfLong(column(found, Mention::ownPid, new Long[0]))
        .addArrayOfOffsetDateTime(column(found, one -> utc(one.startedAt()), new OffsetDateTime[0]))
        .addArrayOfOffsetDateTime(ends(found))
        .addArrayOfBoolean(column(found, Mention::vacant, new Boolean[0]));
  }

  private static <T> T[] column(
      List<Mention> found, Function<Mention, ? extends T> value, T[] type) {
    return found.stream().map(value).toList().toArray(type);
  }

  /** Null for what lives. */
  private static OffsetDateTime[] ends(List<Mention> found) {
    OffsetDateTime[] ends = new OffsetDateTime[found.size()];
    for (int i = 0; i < ends.length; i++) {
      Instant end = found.get(i).endedAt();
      if (end != null) {
        ends[i] = utc(end);
      }
    }
    return ends;
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  static Instant time(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }

  /**
   * Rows of views with their processes, a row a process.
   *
   * @param known views of which no processes were read, because they are as they were
   */
  static Views read(RowSet<Row> rows, Place home, Map<UUID, View> known, long mark) {
    Map<UUID, Row> heads = new LinkedHashMap<>();
    Map<UUID, List<Mention>> processes = new LinkedHashMap<>();
    Instant readAt = Instant.EPOCH;
    for (Row row : rows) {
      UUID id = row.getUUID("id");
      readAt = time(row, "read_at");
      heads.put(id, row);
      List<Mention> mentions = processes.computeIfAbsent(id, added -> new ArrayList<>());
      View before = row.getBoolean("known") ? known.get(id) : null;
      if (before != null) {
        mentions.addAll(before.processes());
      } else if (row.getLong("pid") != null) {
        mentions.add(mention(row));
      }
    }
    List<View> views = new ArrayList<>();
    heads.forEach((id, row) -> views.add(view(row, processes.getOrDefault(id, List.of()))));
    return new Views(home, views, readAt, mark);
  }

  private static View view(Row row, List<Mention> processes) {
    return new View(
        row.getUUID("id"),
        row.getLong("version"),
        row.getString("agent"),
        new Place(row.getString("host"), row.getString("boot_id"), row.getString("namespace")),
        time(row, "seen_at"),
        processes);
  }

  private static Mention mention(Row row) {
    @Nullable OffsetDateTime end = row.getOffsetDateTime("ended_at");
    return new Mention(
        row.getString("worker"),
        row.getString("instance"),
        new ProcessIdentity(
            row.getString("boot_id"), row.getLong("pid"), row.getLong("start_ticks")),
        row.getLong("own_pid"),
        time(row, "started_at"),
        end == null ? null : end.toInstant(),
        row.getBoolean("vacant"));
  }
}
