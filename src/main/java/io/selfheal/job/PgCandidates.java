package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads running jobs from the rows of a look. The columns are found once for all rows of an answer.
 */
final class PgCandidates {
  private static final int NONE = -1;

  /** As statements write them. */
  private static final Map<String, Effect> EFFECTS =
      Arrays.stream(Effect.values())
          .collect(
              Collectors.toUnmodifiableMap(one -> one.name().toLowerCase(Locale.ROOT), one -> one));

  private final int id;
  private final int holder;
  private final int age;
  private final int silence;
  private final int attempts;
  private final int claim;
  private final int sign;
  private final int next;
  private final int hindrance;
  private final int orphaned;
  private final int testimony;
  private final int horizon;
  private final int becomes;
  private final int place;
  private Spot.@Nullable Look look;
  private @Nullable String where;
  private int number;

  private PgCandidates(List<String> columns) {
    this.id = columns.indexOf("id");
    this.holder = columns.indexOf("holder");
    this.age = columns.indexOf("age_ms");
    this.silence = columns.indexOf("silence_ms");
    this.attempts = columns.indexOf("attempts");
    this.claim = columns.indexOf("claim");
    this.sign = columns.indexOf("sign");
    this.next = columns.indexOf("next");
    this.hindrance = columns.indexOf("hindrance");
    this.orphaned = columns.indexOf("orphaned");
    this.testimony = columns.indexOf("testimony");
    this.horizon = columns.indexOf("horizon");
    this.becomes = columns.indexOf("becomes");
    this.place = columns.indexOf("place");
  }

  static List<Candidate> of(RowSet<Row> rows) {
    PgCandidates reading = new PgCandidates(rows.columnsNames());
    List<Candidate> candidates = new ArrayList<>(rows.size());
    rows.forEach(row -> candidates.add(reading.candidate(row)));
    return candidates;
  }

  private Candidate candidate(Row row) {
    return new Candidate(
        row.getString(id),
        row.getString(holder),
        millis(row.getLong(age)),
        millis(row.getLong(silence)),
        row.getLong(attempts),
        row.getString(claim),
        row.getString(sign),
        effect(row.getString(next)),
        hindrance == NONE ? null : row.getString(hindrance),
        said(row),
        spot(row),
        becomes == NONE ? null : row.getString(becomes),
        place(row));
  }

  /** All rows of an answer have the same horizon. */
  private @Nullable Spot spot(Row row) {
    if (horizon == NONE) {
      return null;
    }
    if (look == null) {
      look = new Spot.Look(row.getString(horizon));
    }
    return new Spot(look, number++);
  }

  /** All rows of an answer have the same place. */
  private String place(Row row) {
    if (where == null) {
      where = place == NONE ? "" : Long.toHexString(row.getLong(place));
    }
    return where;
  }

  private static @Nullable Effect effect(@Nullable String next) {
    if (next == null) {
      return null;
    }
    Effect effect = EFFECTS.get(next);
    if (effect == null) {
      throw new IllegalArgumentException(
          "a statement answers the effect " + next + "; known are: " + EFFECTS.keySet());
    }
    return effect;
  }

  private @Nullable Testimony said(Row row) {
    String words = testimony == NONE ? null : row.getString(testimony);
    return words == null
        ? null
        : new Testimony(Boolean.TRUE.equals(row.getBoolean(orphaned)), words);
  }

  private static @Nullable Duration millis(@Nullable Long millis) {
    return millis == null ? null : Duration.ofMillis(millis);
  }
}
