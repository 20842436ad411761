package io.selfheal.message;

/** What became of a request that was to be forwarded to a service. */
public sealed interface Forwarded {
  /** The service's own answer was sent, or the worker has gone. */
  record Answered() implements Forwarded {}

  /** No permit; nothing was sent to anybody. */
  record Refused(PermitRequests.Refused why) implements Forwarded {}

  /** No service of that name may be reached this way; nothing was sent to anybody. */
  record NoRoute(String detail) implements Forwarded {}

  /** The path or the query cannot be forwarded; nothing was sent to anybody. */
  record BadTarget(String detail) implements Forwarded {}

  /**
   * The service gave no answer, and nothing was sent to the worker.
   *
   * @param slow it took too long; otherwise it refused, or broke off
   */
  record Away(boolean slow, String detail) implements Forwarded {}
}
