package io.selfheal.job;

import io.vertx.pgclient.PgException;
import java.util.Set;

/** Says in an operator's words what PostgreSQL answered. */
final class PgFailure {
  /**
   * Classes of SQLSTATE that tell nothing of the rows: connection, transaction, conflict, rights
   * and names, resources, limits, the operator, the system, the server itself.
   */
  private static final Set<String> NOT_OF_ROWS =
      Set.of("08", "25", "28", "40", "42", "53", "54", "55", "57", "58", "F0", "XX");

  private static final String CANCELED = "57014";

  private static final String LOCKED = "55P03";

  private static final String LONG_LOOK = "see the index advice of the source";

  private static final String LONG_CHANGE =
      "the rows are large, or a trigger of the table is slow; fewer at once are tried";

  private PgFailure() {}

  /** Operation, table, cause and hint. */
  static SourceFailed explain(String doing, TableName table, Throwable failure) {
    boolean rescue = doing.equals(PgRescue.DOING);
    String cause =
        failure instanceof PgException answer
            ? answer(answer, rescue)
            : String.valueOf(failure.getMessage());
    String message = "could not " + doing + " " + table + ": " + cause;
    String state = failure instanceof PgException answer ? answer.getSqlState() : null;
    if (rescue && CANCELED.equals(state)) {
      return SourceFailed.slow(message, failure);
    }
    if (rescue && LOCKED.equals(state)) {
      return SourceFailed.locked(message, failure);
    }
    return ofRows(failure)
        ? SourceFailed.ofRows(message, failure)
        : new SourceFailed(message, failure);
  }

  private static boolean ofRows(Throwable failure) {
    String state = failure instanceof PgException answer ? answer.getSqlState() : null;
    return state != null && state.length() == 5 && !NOT_OF_ROWS.contains(state.substring(0, 2));
  }

  private static String answer(PgException answer, boolean rescue) {
    String state = String.valueOf(answer.getSqlState());
    String said = answer.getErrorMessage() + " (SQLSTATE " + state + ")";
    return switch (state) {
      case CANCELED ->
          said + "; the statement took too long: " + (rescue ? LONG_CHANGE : LONG_LOOK);
      case LOCKED -> said + "; another session locks the table: see pg_stat_activity";
      case "23514", "23502" -> said + "; the table does not allow the configured states";
      case "23505" -> said + "; the table lets only one such row be: the next sweep looks again";
      case "25006" -> said + "; the server is a standby, or the role is read-only there";
      case "22P02" -> said + "; check the configured states against the type of the state column";
      default -> said;
    };
  }
}
