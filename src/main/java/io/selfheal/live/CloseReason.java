package io.selfheal.live;

/** Why the agent closes a socket, with the code for the client. */
enum CloseReason {
  GOING_AWAY(1001, "going away"),
  SENT_TOO_MUCH(1008, "clients send nothing here"),
  LOG_LOST(1012, "the log was lost; connect again"),
  FULL(1013, "too many clients"),
  SLOW(3008, "slow");

  private final short code;
  private final String text;

  CloseReason(int code, String text) {
    this.code = (short) code;
    this.text = text;
  }

  short code() {
    return code;
  }

  String text() {
    return text;
  }
}
