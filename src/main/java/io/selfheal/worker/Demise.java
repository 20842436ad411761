package io.selfheal.worker;

import io.selfheal.message.WorkerEvent.End;

/**
 * How a process that was seen to end came to it, as far as it matters for the jobs that it held:
 * nobody blames them for an end that somebody wanted.
 *
 * @param memory whether the kernel killed it for want of memory
 * @param words what is known of it, for an operator; empty when nothing is
 */
record Demise(End end, boolean memory, String words) {
  /** Nothing is known. */
  static final Demise UNKNOWN = new Demise(End.UNKNOWN, false, "");

  /**
   * One that the kernel killed for memory.
   *
   * @param words how that is known
   */
  static Demise ofMemory(String words) {
    return new Demise(End.CRASHED, true, words);
  }

  /** One that somebody asked for: a person, systemd, or this agent. */
  static Demise wanted(String reason) {
    return new Demise(End.ORDERLY, false, "its end was wanted: " + reason);
  }

  /**
   * One that ended by itself, or by the signal of nobody who is known.
   *
   * @param how as {@link Words#ended} says it
   */
  static Demise of(End end, String how) {
    return new Demise(end, false, end == End.ORDERLY ? "it ended in order" + how : "");
  }
}
