package io.selfheal.worker;

import static io.selfheal.message.Verdict.Ruling.DEAD;
import static io.selfheal.message.Verdict.Ruling.UNKNOWN;
import static io.selfheal.worker.Judge.MARGIN;

import io.selfheal.message.Verdict;
import io.selfheal.worker.Views.Told;
import java.time.Duration;

/**
 * Whether the views of other agents prove that one holder is gone, when no living process among
 * those that the row may mean can be the holder. Pure.
 */
record Departure(Testimony testimony) {
  /** Dead or unknown, by one of the processes that the row may mean. */
  Verdict of(Told told) {
    Mention one = told.mention();
    if (testimony.holder().startTicks().isPresent()
        && one.process().startTicks() == testimony.holder().startTicks().getAsLong()) {
      return Verdict.of(DEAD, testimony.ended(told));
    }
    if (testimony.holder().pid().isPresent()) {
      return byPid(told, testimony.holder().pid().getAsLong());
    }
    return byInstance(told);
  }

  private Verdict byPid(Told told, long pid) {
    Mention one = told.mention();
    boolean ours = told.view().place().root() || one.worker().equals(testimony.holder().worker());
    if (!ours || !Testimony.isPid(one, pid) || walled(told)) {
      return Verdict.of(
          UNKNOWN,
          "%s sees %s, but the row's pid %d may mean another pid namespace"
              .formatted(testimony.source(told.view()), one, pid));
    }
    if (one.living()) {
      return Verdict.of(
          DEAD,
          "%s sees that pid %d is another process now: %s"
              .formatted(testimony.source(told.view()), pid, later(one)));
    }
    if (!one.vacant()) {
      return Verdict.of(
          UNKNOWN,
          testimony.ended(told) + "; whether the holder had its pid before or after is not known");
    }
    return takenBefore(told.view())
        ? Verdict.of(DEAD, testimony.ended(told) + ", and no process there has that pid now")
        : Verdict.of(UNKNOWN, testimony.ended(told) + notYet());
  }

  /** Whether processes of that worker there run in containers, with pids of their own. */
  private boolean walled(Told told) {
    return testimony.views().all().stream()
        .filter(view -> view.place().bootId().equals(told.view().place().bootId()))
        .flatMap(view -> view.processes().stream())
        .anyMatch(one -> one.walled() && one.worker().equals(told.mention().worker()));
  }

  private String later(Mention one) {
    return testimony.holder().startTicks().isPresent()
        ? "its start is %d, the holder's was %d"
            .formatted(one.process().startTicks(), testimony.holder().startTicks().getAsLong())
        : "started %s ago, the job was seen taken %s ago"
            .formatted(
                Words.of(testimony.age(one)), Testimony.words(testimony.holder().knownFor()));
  }

  private Verdict byInstance(Told told) {
    Mention one = told.mention();
    Duration end = testimony.endedAgo(one);
    if (end == null) {
      return Verdict.of(
          UNKNOWN,
          "%s sees %s, which was started after the job was taken; the process before it was not seen to end"
              .formatted(testimony.source(told.view()), one));
    }
    Duration claim = testimony.holder().claimAge();
    if (testimony.another(one) || (claim != null && claim.plus(MARGIN).compareTo(end) < 0)) {
      return Verdict.of(
          UNKNOWN, testimony.ended(told) + "; the job was taken by another process of that name");
    }
    if (silentAgentSaw(told.view(), one.instance())) {
      return Verdict.of(
          UNKNOWN,
          testimony.ended(told)
              + ", but another agent there, silent now, had a process of that name, too");
    }
    return takenBefore(told.view())
        ? Verdict.of(DEAD, testimony.ended(told))
        : Verdict.of(UNKNOWN, testimony.ended(told) + notYet());
  }

  private boolean silentAgentSaw(View view, String instance) {
    return testimony.views().all().stream()
        .filter(other -> other.place().bootId().equals(view.place().bootId()))
        .filter(other -> !testimony.views().fresh(other, testimony.now()))
        .flatMap(other -> other.processes().stream())
        .anyMatch(one -> one.living() && one.instance().equals(instance));
  }

  /** Whether the job was taken before that agent looked. */
  private boolean takenBefore(View view) {
    Duration known = testimony.holder().knownFor();
    return known != null
        && testimony.views().since(view.seenAt(), testimony.now()).plus(MARGIN).compareTo(known)
            < 0;
  }

  private static String notYet() {
    return "; whether the job was taken before that is not known yet";
  }
}
