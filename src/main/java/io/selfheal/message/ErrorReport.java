package io.selfheal.message;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure, as whoever met it tells it.
 *
 * @param type the kind of failure in the reporter's own words, such as the class of an exception
 * @param message what it said
 * @param category what the reporter takes it for; null when it does not know
 * @param component the part in which it happened, for counting: of few different values
 * @param service the service that was called, if one was
 * @param worker the worker that met it
 * @param job the job that it happened to
 * @param traceback where in the code, several lines
 * @param context what else may help a person to understand it
 * @param fingerprint what makes two errors the same, if the reporter knows
 * @param occurredAt by the reporter's clock
 * @param reportId the reporter's own id of this report: the same report sent again with the same id
 *     is taken once; null when it has none
 */
public record ErrorReport(
    String type,
    @Nullable String message,
    @Nullable ErrorCategory category,
    @Nullable String component,
    @Nullable String service,
    @Nullable String worker,
    @Nullable String job,
    @Nullable String traceback,
    Map<String, String> context,
    @Nullable String fingerprint,
    @Nullable Instant occurredAt,
    @Nullable String reportId) {

  /** Copies the context. */
  public ErrorReport {
    context = Map.copyOf(context);
  }
}
