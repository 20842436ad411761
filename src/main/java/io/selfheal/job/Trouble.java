package io.selfheal.job;

import java.time.Duration;

/**
 * Why silence may be the observer's fault rather than a worker's death; in the order in which they
 * are said.
 */
enum Trouble {
  /** The agent was suspended or got no processor. */
  STARVED(Duration.ofSeconds(30), false),

  /** The source's database was away: its workers could not write either. */
  AWAY(Duration.ofMinutes(1), false),

  /** The source's database is slow: a worker that waits for it looks silent. */
  SLOW(Duration.ofSeconds(30), false),

  /** Many holders look stale at once. */
  STORM(Duration.ofSeconds(30), true),

  /** The host stalls. On a host that works hard all day this is the ordinary state. */
  PRESSED(Duration.ofSeconds(30), true);

  private final Duration rest;
  private final boolean outlived;

  Trouble(Duration rest, boolean outlived) {
    this.rest = rest;
    this.outlived = outlived;
  }

  /** How long it must be quiet after it was last seen. */
  Duration rest() {
    return rest;
  }

  /** Whether it is the ordinary state, and no longer a doubt, when it lasts for very long. */
  boolean outlived() {
    return outlived;
  }
}
