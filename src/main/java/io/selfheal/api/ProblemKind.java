package io.selfheal.api;

import java.util.Locale;

/** Every kind of problem that the API answers with, and its status. */
enum ProblemKind {
  MALFORMED_REQUEST(400, "Malformed request"),
  MALFORMED_JSON(400, "Malformed JSON"),
  INVALID_FIELD(400, "Invalid field"),
  TOKEN_MISSING(401, "Token missing"),
  TOKEN_WRONG(401, "Token wrong"),
  FOREIGN_HOST(403, "Foreign host"),
  FOREIGN_ORIGIN(403, "Foreign origin"),
  NOT_FOUND(404, "Not found"),
  WRONG_METHOD(405, "Wrong method"),
  NOT_ACCEPTABLE(406, "Not acceptable"),
  REFUSED(409, "Refused"),
  BODY_TOO_LARGE(413, "Body too large"),
  TARGET_TOO_LONG(414, "Target too long"),
  NOT_JSON(415, "Not JSON"),
  BAD_CONFIGURATION(422, "Bad configuration"),
  UPGRADE_REQUIRED(426, "Upgrade required"),
  RATE_LIMITED(429, "Rate limited"),
  BUDGET_EXHAUSTED(429, "Budget exhausted"),
  BULKHEAD_FULL(429, "Too many calls at once"),
  RETRY_BUDGET_EXHAUSTED(429, "Too many retries"),
  HEADERS_TOO_LARGE(431, "Headers too large"),
  INTERNAL(500, "Internal error"),
  BREAKER_OPEN(503, "Breaker open"),
  OWNER_AWAY(503, "Part not running"),
  OWNER_SLOW(504, "No answer in time");

  private final int status;
  private final String title;

  ProblemKind(int status, String title) {
    this.status = status;
    this.title = title;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** The problem's type (RFC 9457, section 3.1.1): a name, not an address. */
  String uri() {
    return "urn:selfheal:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
