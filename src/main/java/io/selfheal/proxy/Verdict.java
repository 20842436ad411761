package io.selfheal.proxy;

import io.selfheal.message.ErrorCategory;
import io.selfheal.message.PermitRequests.CallError;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Report;
import io.vertx.core.http.HttpClosedException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How a call went, as the guard is told. Pure. */
final class Verdict {
  private static final int FIRST_ERROR = 400;

  private Verdict() {}

  /** An answer came, whole. One that is an error, and tells no price, cost nothing. */
  static Report answered(
      String permit,
      int status,
      Duration took,
      OptionalLong costMicros,
      @Nullable Duration retryAfter) {
    if (status < FIRST_ERROR) {
      return new Report(permit, CallOutcome.SUCCESS, took, costMicros, null);
    }
    CallError error = new CallError(null, OptionalInt.of(status), null, null, retryAfter);
    OptionalLong cost = costMicros.isPresent() ? costMicros : OptionalLong.of(0);
    return new Report(permit, CallOutcome.FAILURE, took, cost, error);
  }

  /**
   * No answer came, or half of one: what was reserved is spent, unless nothing was sent.
   *
   * @param unsent whether no connection came about
   */
  static Report failed(String permit, Throwable failure, boolean unsent, Duration took) {
    ErrorCategory category = untrusted(failure) ? ErrorCategory.PERMANENT : ErrorCategory.TRANSIENT;
    CallError error = new CallError(category, OptionalInt.empty(), null, said(failure), null);
    OptionalLong cost = unsent ? OptionalLong.of(0) : OptionalLong.empty();
    return new Report(permit, CallOutcome.FAILURE, took, cost, error);
  }

  /** A wrong certificate stays wrong; a handshake that broke off is like any connection. */
  private static boolean untrusted(Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (one instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  /** The worker went away: that says nothing of the service, but it may have cost something. */
  static Report abandoned(String permit, Duration took, long reserved) {
    return new Report(permit, CallOutcome.IGNORED, took, OptionalLong.of(reserved), null);
  }

  /** Whether the service was silent for too long. */
  static boolean slow(Throwable failure) {
    return failure instanceof TimeoutException;
  }

  /** One sentence, without anything that was sent. */
  static String said(Throwable failure) {
    return switch (failure) {
      case TimeoutException slow -> "it was silent for too long";
      case ConnectException refused -> "it takes no connection";
      case UnknownHostException unknown -> "its name is not known";
      case SSLException untrusted -> "no secure connection came about";
      case HttpClosedException closed -> "it closed the connection before its answer was whole";
      default -> "the connection broke (" + failure.getClass().getSimpleName() + ")";
    };
  }
}
