package io.selfheal.live;

/** A client's socket, as far as decisions need it. No method calls back before it returns. */
interface Line {
  /** Whether the socket takes more without piling up. */
  boolean writable();

  /** Sends a text frame; what is sent to a closed socket is lost. */
  void send(String frame);

  /** Says goodbye; later frames are lost. */
  void close(CloseReason reason);
}
