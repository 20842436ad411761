package io.selfheal.heal;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.StuckJob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one act of a remedy.
 *
 * @param detail in words for an operator
 * @param process the process that was ended or started, when known
 * @param jobs the jobs that were rescued
 * @param output what it printed, or did piece by piece
 * @param undo what it needs to be taken back; null when there is nothing to take back
 * @param soon whether what was put off is tried again within a second, however often it was
 */
record Ending(
    Outcome outcome,
    String detail,
    @Nullable ProcessIdentity process,
    List<StuckJob> jobs,
    List<String> output,
    @Nullable String undo,
    boolean soon) {
  Ending {
    jobs = List.copyOf(jobs);
    output = List.copyOf(output);
  }

  /** Put off, if it is, less and less often. */
  Ending(
      Outcome outcome,
      String detail,
      @Nullable ProcessIdentity process,
      List<StuckJob> jobs,
      List<String> output,
      @Nullable String undo) {
    this(outcome, detail, process, jobs, output, undo, false);
  }

  /** Without output. */
  Ending(Outcome outcome, String detail, @Nullable ProcessIdentity process, List<StuckJob> jobs) {
    this(outcome, detail, process, jobs, List.of(), null);
  }

  /** Put off. */
  static Ending putOff(String detail, List<StuckJob> jobs, boolean soon) {
    return new Ending(Outcome.DEFERRED, detail, null, jobs, List.of(), null, soon);
  }

  static Ending of(Outcome outcome, String detail) {
    return new Ending(outcome, detail, null, List.of());
  }

  static Ending of(Outcome outcome, String detail, @Nullable ProcessIdentity process) {
    return new Ending(outcome, detail, process, List.of());
  }
}
