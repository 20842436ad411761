package io.selfheal.store;

import io.vertx.core.VertxException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.DatabaseException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells a database that is away from a database that objects. Only the first counts for the
 * breaker: an objection proves that the database is there. Pure.
 */
final class Infrastructure {
  /** Connection exceptions; invalid login, which every later call would meet as well. */
  private static final List<String> CLASSES = List.of("08", "28");

  /**
   * Shut down (57P01–57P03), database gone (57P04, 3D000), too many connections, no memory, I/O.
   */
  private static final Set<String> STATES =
      Set.of("57P01", "57P02", "57P03", "57P04", "3D000", "53300", "53200", "58030");

  /** What the client says in exceptions that have no type of their own. */
  private static final List<String> CLIENT_WORDS =
      List.of(
          "Timeout",
          "Pending requests failed",
          "Connection is not active now",
          "SSL handshake failed",
          "Pool closed",
          "Client is closed");

  private Infrastructure() {}

  static boolean isAway(Throwable failure) {
    return switch (failure) {
      case DatabaseException objection -> isAway(objection.getSqlState());
      case ClosedConnectionException lost -> true;
      case IOException network -> true;
      case io.vertx.circuitbreaker.TimeoutException silent -> true;
      case io.vertx.circuitbreaker.OpenCircuitException known -> true;
      case java.util.concurrent.TimeoutException silent -> true;
      case VertxException other -> saysAway(other);
      case IllegalStateException other -> saysAway(other);
      default -> false;
    };
  }

  /** No word came back at all: connections may hang. */
  static boolean isSilent(Throwable failure) {
    return failure instanceof io.vertx.circuitbreaker.TimeoutException;
  }

  private static boolean isAway(@Nullable String state) {
    return state != null
        && (STATES.contains(state) || CLASSES.stream().anyMatch(state::startsWith));
  }

  private static boolean saysAway(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return CLIENT_WORDS.stream().anyMatch(message::startsWith);
  }

  /** In words for an operator, without a stack. */
  static String explain(Throwable failure) {
    return switch (failure) {
      case io.vertx.circuitbreaker.TimeoutException silent -> "it did not answer in time";
      default -> {
        String message = failure.getMessage();
        yield message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
      }
    };
  }
}
