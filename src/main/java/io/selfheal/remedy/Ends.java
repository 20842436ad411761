package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.Outcome;
import io.selfheal.message.UnitRequests;
import io.selfheal.message.UnitRequests.ActOnUnit;
import io.selfheal.message.UnitRequests.Verb;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.Ended;
import java.time.Duration;
import java.util.Objects;

/** Ends the processes of workers, each in the way of its owner. */
record Ends(Workforce workforce, Duration grace) {
  /** What is kept of a deadline, so that the answer comes before it. */
  static final Duration ANSWER = Duration.ofSeconds(1);

  private static final Duration LONGEST_GRACE = Duration.ofMinutes(10);

  /** Reads {@code grace}: 0s to 10m, default 10s. */
  static Duration grace(Section with) {
    return with.duration("grace", Duration.ofSeconds(10), Duration.ZERO, LONGEST_GRACE);
  }

  /** From KILL until the kernel must have let it go. */
  private static final Duration GOING = Duration.ofSeconds(5);

  /**
   * TERM, then KILL; a frozen process cannot act on TERM and is killed at once.
   *
   * @param most how long it may take
   */
  Ended process(Target target, Duration most) throws Exception {
    Duration limit = lesser(grace(target).plus(GOING), most);
    Duration kill = lesser(grace(target), limit.dividedBy(2));
    EndProcess query =
        new EndProcess(
            target.instance(),
            Objects.requireNonNull(target.process(), "an empty slot has nothing to end"),
            kill,
            limit,
            workforce.reason());
    return workforce.ask(WorkerRequests.END, query, limit);
  }

  /** Has systemd do it. */
  Ended unit(Target target, Verb verb, Duration most, boolean rehearse) throws Exception {
    // One that is gone by now is still the one that is meant, and not its follower.
    ActOnUnit query =
        new ActOnUnit(
            target.worker(), verb, workforce.gone(target), most, rehearse, workforce.reason());
    return workforce.ask(UnitRequests.ACT, query, most);
  }

  /** How a process will be ended, in words. */
  String words(Target target) {
    return grace(target).isZero()
        ? "KILL" + (target.frozen() ? ", for it is frozen" : "")
        : "TERM, and after " + CommandWords.seconds(grace) + " KILL";
  }

  private Duration grace(Target target) {
    return target.frozen() ? Duration.ZERO : grace;
  }

  private static Duration lesser(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  static boolean gone(Ended ended) {
    return ended.outcome() == Outcome.DONE || ended.outcome() == Outcome.ALREADY_DONE;
  }
}
