package io.selfheal.api;

import io.selfheal.api.ProblemDetails.FieldError;
import java.util.List;
import java.util.Map;

/** Ends the handling of a request with a problem. It has no stack trace: it is an answer. */
final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ProblemDetails problem;
  private final transient Map<String, String> headers;

  private ApiFailure(ProblemDetails problem, Map<String, String> headers) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.headers = Map.copyOf(headers);
  }

  static ApiFailure of(ProblemKind kind, String detail) {
    return new ApiFailure(ProblemDetails.of(kind, detail), Map.of());
  }

  static ApiFailure of(ProblemKind kind, String detail, String header, String value) {
    return new ApiFailure(ProblemDetails.of(kind, detail), Map.of(header, value));
  }

  static ApiFailure field(String field, String reason) {
    return fields(List.of(new FieldError(field, reason)));
  }

  static ApiFailure fields(List<FieldError> errors) {
    return new ApiFailure(ProblemDetails.ofFields(errors), Map.of());
  }

  static ApiFailure of(ProblemKind kind, String detail, List<FieldError> errors) {
    return new ApiFailure(ProblemDetails.of(kind, detail, List.copyOf(errors)), Map.of());
  }

  ProblemDetails problem() {
    return problem;
  }

  /** Headers that belong to the status, such as Allow. */
  Map<String, String> headers() {
    return headers;
  }
}
