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
 */
record Ending(
    Outcome outcome,
    String detail,
    @Nullable ProcessIdentity process,
    List<StuckJob> jobs,
    List<String> output,
    @Nullable String undo) {
  Ending {
    jobs = List.copyOf(jobs);
    output = List.copyOf(output);
  }

  /** Without output. */
  Ending(Outcome outcome, String detail, @Nullable ProcessIdentity process, List<StuckJob> jobs) {
    this(outcome, detail, process, jobs, List.of(), null);
  }

  static Ending of(Outcome outcome, String detail) {
    return new Ending(outcome, detail, null, List.of());
  }

  static Ending of(Outcome outcome, String detail, @Nullable ProcessIdentity process) {
    return new Ending(outcome, detail, process, List.of());
  }
}
