package io.selfheal.bench;

import java.util.Locale;

/** A fault that is caused for real. Each has workers of its own. */
enum Fault {
  /** By the kernel's signal that nothing can catch. */
  KILLED("worker killed", "kill -9"),
  /** It dies, and its next starts fail. */
  CRASHING("crash loop", "kill -9, and the next " + Fault.CRASHES + " starts end with status 1"),
  /** It exists, and does nothing. */
  FROZEN("worker frozen", "kill -STOP"),
  /** It lives, and answers no request. */
  HUNG("worker unresponsive", "it accepts no connection any more, and lives on"),
  /** A small file system is filled up. */
  LOW_DISK("low disk", "a tmpfs of 4 MiB is filled to 97 % with files that may go");

  /** How many starts in a row fail. */
  static final int CRASHES = 2;

  private final String title;
  private final String cause;

  Fault(String title, String cause) {
    this.title = title;
    this.cause = cause;
  }

  String title() {
    return title;
  }

  /** How it is caused. */
  String cause() {
    return cause;
  }

  /** The name of its workers, without their number. */
  String worker() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it happens to worker processes. */
  boolean ofWorkers() {
    return this != LOW_DISK;
  }

  /** Whether its workers answer over HTTP. */
  boolean ofWeb() {
    return this == FROZEN || this == HUNG;
  }
}
