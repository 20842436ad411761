package io.selfheal.worker;

import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerEvent.End;
import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import java.util.List;

/**
 * A holder whose job was taken before this machine was started ended with the machine, whatever its
 * jobs did. Pure.
 */
final class Restart {
  private Restart() {}

  /**
   * The verdict, with that said of it.
   *
   * @param host this machine's name
   * @param uptime since it was started
   */
  static Verdict weigh(Holder holder, Verdict verdict, String host, Duration uptime) {
    Duration claim = holder.claimAge();
    boolean here = holder.host() == null || holder.host().equalsIgnoreCase(host);
    boolean open = verdict.ruling() == Ruling.DEAD && verdict.end() == End.UNKNOWN;
    if (!open || !here || claim == null || claim.compareTo(uptime.plus(Judge.MARGIN)) < 0) {
      return verdict;
    }
    String words =
        "this machine was started "
            + Words.of(uptime)
            + " ago, and the job was taken "
            + Words.of(claim)
            + " ago: the holder ended with the machine";
    return verdict.with(Ruling.DEAD, List.of(words)).ended(End.ORDERLY);
  }
}
