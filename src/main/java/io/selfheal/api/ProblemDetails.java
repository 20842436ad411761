package io.selfheal.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of every error (RFC 9457).
 *
 * @param detail what is wrong with this request, and what to do
 * @param instance names this occurrence in the log; null when it is not logged
 * @param errors the fields that are wrong; null when none is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProblemDetails(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String instance,
    @Nullable List<FieldError> errors) {

  /** One wrong field, parameter or header, or one wrong key of a file. */
  record FieldError(String field, String reason) {}

  static ProblemDetails of(ProblemKind kind, String detail) {
    return new ProblemDetails(kind.uri(), kind.title(), kind.status(), detail, null, null);
  }

  static ProblemDetails ofFields(List<FieldError> errors) {
    FieldError first = errors.getFirst();
    String detail =
        first.field()
            + " "
            + first.reason()
            + (errors.size() > 1 ? ", and " + (errors.size() - 1) + " more" : "");
    ProblemKind kind = ProblemKind.INVALID_FIELD;
    return new ProblemDetails(kind.uri(), kind.title(), kind.status(), detail, null, errors);
  }

  /** With everything that is wrong, each with its place. */
  static ProblemDetails of(ProblemKind kind, String detail, List<FieldError> errors) {
    return new ProblemDetails(kind.uri(), kind.title(), kind.status(), detail, null, errors);
  }

  ProblemDetails withInstance(String id) {
    return new ProblemDetails(type, title, status, detail, id, errors);
  }
}
