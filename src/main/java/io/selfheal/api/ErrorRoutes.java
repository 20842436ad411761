package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.selfheal.bus.Bus;
import io.selfheal.message.ErrorCategory;
import io.selfheal.message.ErrorReport;
import io.selfheal.message.ErrorRequests;
import io.selfheal.message.ErrorRequests.Report;
import io.selfheal.message.ErrorRequests.Taken;
import io.vertx.core.Future;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reports of failures. They are kept in the journal and counted. */
final class ErrorRoutes {
  private static final int MOST = 500;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_MESSAGE = 10_000;
  private static final int LONGEST_TRACEBACK = 64 << 10;
  private static final int MOST_CONTEXT = 50;
  private static final int LONGEST_CONTEXT = 2_000;

  private final Bus bus;

  ErrorRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/api/v1/errors", Access.WORKER, this::one),
        Endpoint.post("/api/v1/errors/batch", Access.WORKER, this::many));
  }

  private Future<Reply> one(Call call) {
    ErrorReport error = call.body(ErrorBody.class).report();
    return report(List.of(error)).map(taken -> Reply.json(taken.errors().getFirst()));
  }

  private Future<Reply> many(Call call) {
    List<ErrorReport> errors =
        Objects.requireNonNull(call.body(ErrorsBody.class).errors()).stream()
            .map(one -> Objects.requireNonNull(one).report())
            .toList();
    return report(errors).map(Reply::json);
  }

  private Future<TakenErrors> report(List<ErrorReport> errors) {
    return bus.ask(ErrorRequests.REPORT, new Report(errors))
        .map(taken -> new TakenErrors(answers(errors, taken)));
  }

  private static List<TakenError> answers(List<ErrorReport> errors, Taken taken) {
    return IntStream.range(0, errors.size())
        .mapToObj(i -> new TakenError(taken.ids().get(i), errors.get(i).category()))
        .toList();
  }

  /**
   * What became of a report.
   *
   * @param category as it was reported; null when it was not
   */
  record TakenError(String errorId, @Nullable ErrorCategory category) {}

  /** In the order of the reports. */
  record TakenErrors(List<TakenError> errors) {}

  /** Several reports. */
  record ErrorsBody(@Nullable List<@Nullable ErrorBody> errors) implements Body {
    @Override
    public void check(FieldCheck check) {
      check.each("errors", errors, MOST, ErrorBody::check);
    }
  }

  /** One report. */
  record ErrorBody(
      @Nullable String type,
      @Nullable String message,
      @Nullable String category,
      @Nullable String component,
      @Nullable String service,
      @Nullable String worker,
      @Nullable String job,
      @Nullable String traceback,
      @Nullable Map<String, @Nullable String> context,
      @Nullable String fingerprint,
      @Nullable String occurredAt,
      @Nullable String reportId)
      implements Body {
    @Override
    public void check(FieldCheck check) {
      check.needed("type", type, LONGEST_NAME);
      check.lines("message", message, LONGEST_MESSAGE);
      check.oneOf("category", category, ErrorCategory.class);
      check.atMost("component", component, LONGEST_NAME);
      check.atMost("service", service, LONGEST_NAME);
      check.atMost("worker", worker, LONGEST_NAME);
      check.atMost("job", job, LONGEST_NAME);
      check.lines("traceback", traceback, LONGEST_TRACEBACK);
      check.atMost("fingerprint", fingerprint, LONGEST_NAME);
      check.time("occurred_at", occurredAt);
      check.atMost("report_id", reportId, LONGEST_NAME);
      checkContext(check);
    }

    private void checkContext(FieldCheck check) {
      if (context == null) {
        return;
      }
      if (context.size() > MOST_CONTEXT) {
        check.wrong("context", "has " + context.size() + " entries, allowed are " + MOST_CONTEXT);
        return;
      }
      context.forEach(
          (name, value) -> {
            check.needed("context (a name)", name, LONGEST_NAME);
            if (value == null) {
              check.wrong("context." + name, "must be a text");
            }
            check.lines("context." + name, value, LONGEST_CONTEXT);
          });
    }

    ErrorReport report() {
      return new ErrorReport(
          Objects.requireNonNull(type),
          message,
          category == null ? null : ErrorCategory.valueOf(category.toUpperCase(Locale.ROOT)),
          component,
          service,
          worker,
          job,
          traceback,
          known(),
          fingerprint,
          occurredAt == null ? null : OffsetDateTime.parse(occurredAt).toInstant(),
          reportId);
    }

    private Map<String, String> known() {
      return context == null
          ? Map.of()
          : context.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey, entry -> Objects.requireNonNull(entry.getValue())));
    }
  }
}
