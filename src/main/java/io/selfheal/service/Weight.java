package io.selfheal.service;

import io.selfheal.message.ErrorCategory;
import io.selfheal.message.PermitRequests.CallError;
import io.selfheal.message.PermitRequests.CallOutcome;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a report says of the service's health. Pure. */
enum Weight {
  /** It works. */
  GOOD,
  /** It fails: for the time being, or for want of the provider's own resources. */
  BAD,
  /** The caller's own mistake or lack: the service may be well. */
  NEUTRAL,
  /** Nothing was reported. */
  NONE;

  /** gRPC's. */
  private static final Set<String> BAD_CODES =
      Set.of("UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL", "UNKNOWN");

  private static final Set<String> NEUTRAL_CODES =
      Set.of(
          "INVALID_ARGUMENT",
          "OUT_OF_RANGE",
          "UNAUTHENTICATED",
          "PERMISSION_DENIED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "FAILED_PRECONDITION",
          "ABORTED",
          "CANCELLED",
          "UNIMPLEMENTED",
          "DATA_LOSS");

  static Weight of(CallOutcome outcome, @Nullable CallError error) {
    return switch (outcome) {
      case SUCCESS -> GOOD;
      case IGNORED -> NONE;
      case FAILURE -> error == null ? BAD : of(error);
    };
  }

  private static Weight of(CallError error) {
    ErrorCategory category = error.category();
    if (category == null) {
      return byAnswer(error, BAD);
    }
    return switch (category) {
      case TRANSIENT -> BAD;
      case RESOURCE -> answered(error) ? BAD : byAnswer(error, NEUTRAL);
      case VALIDATION, PERMANENT -> NEUTRAL;
    };
  }

  /** Otherwise it is the caller that has no memory, disk or socket left. */
  private static boolean answered(CallError error) {
    return error.status().isPresent() || error.retryAfter() != null;
  }

  private static Weight byAnswer(CallError error, Weight otherwise) {
    if (error.status().isPresent()) {
      return byStatus(error.status().getAsInt());
    }
    String code = error.code();
    if (code == null) {
      return otherwise;
    }
    String known = code.toUpperCase(Locale.ROOT);
    if (BAD_CODES.contains(known)) {
      return BAD;
    }
    return NEUTRAL_CODES.contains(known) ? NEUTRAL : otherwise;
  }

  /** RFC 9110; 402 and 429 are the provider's limits, 529 is "overloaded" of some. */
  private static Weight byStatus(int status) {
    return switch (status) {
      case 402, 408, 425, 429 -> BAD;
      case 501, 505 -> NEUTRAL;
      default -> status >= 500 ? BAD : NEUTRAL;
    };
  }
}
