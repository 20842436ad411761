package io.selfheal.job;

import org.jspecify.annotations.Nullable;

/**
 * A connection to a database as an operator sees it.
 *
 * @param pid of the server's process; 0 for a prepared transaction
 * @param user null when the connection has ended meanwhile
 * @param application as it calls itself; null when it does not
 * @param address of its client, {@code host:port}; null over a Unix socket, or when the role may
 *     not see it
 * @param query its statement, or the last one; null when there is none, or the role may not see it
 */
record Session(
    int pid,
    @Nullable String user,
    @Nullable String application,
    @Nullable String address,
    @Nullable String query) {
  private static final int LONGEST = 200;

  /** The statement behind a colon; empty when it is not known. */
  String said() {
    return query == null || query.isBlank() ? "" : ": " + line(query);
  }

  /** Its names, each behind a comma but the first; empty when none is known. */
  String names() {
    StringBuilder names = new StringBuilder();
    for (String name : new String[] {application, user, address}) {
      if (name != null && !name.isBlank()) {
        names.append(names.isEmpty() ? "" : ", ").append(line(name));
      }
    }
    return names.toString();
  }

  /** One line, without what could act on a terminal. */
  private static String line(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
