package io.selfheal.symptom;

import java.util.List;

/** Asks one process whether it is well. */
interface Probe extends AutoCloseable {
  /** What came of it. */
  sealed interface Answer {
    /** It is well. */
    record Well(String detail) implements Answer {}

    /** It is not, or did not answer. */
    record Unwell(String detail) implements Answer {}

    /** It could not be asked: that says nothing of it. */
    record Unasked(String detail) implements Answer {}
  }

  /** Asks; ends within its limit. */
  Answer ask(ProbeTarget target) throws InterruptedException;

  /** The texts in which a process is named. */
  List<String> templates();

  @Override
  default void close() {}
}
