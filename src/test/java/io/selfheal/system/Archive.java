package io.selfheal.system;

import io.selfheal.store.PostgresUrl;
import java.sql.SQLException;

/**
 * What {@code selfheal.events} holds of one agent.
 *
 * @param places how many different offsets there are
 */
record Archive(long epochs, long events, long places, long first, long last) {
  static Archive of(PostgresUrl url, String agent) throws SQLException {
    String row =
        JobTable.query(
                url,
                """
                SELECT concat_ws(' ', count(DISTINCT epoch), count(*), count(DISTINCT "offset"),
                                 coalesce(min("offset"), 0), coalesce(max("offset"), 0))
                  FROM selfheal.events WHERE agent = '%s'"""
                    .formatted(agent))
            .getFirst();
    String[] parts = row.split(" ", -1);
    return new Archive(
        Long.parseLong(parts[0]),
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Long.parseLong(parts[3]),
        Long.parseLong(parts[4]));
  }

  /** One epoch, from the first offset on, without a hole and without a double. */
  boolean whole() {
    return epochs == 1 && first == 1 && events == places && events == last;
  }
}
