package io.selfheal.worker;

import static io.selfheal.message.Verdict.Ruling.ALIVE;
import static io.selfheal.message.Verdict.Ruling.UNKNOWN;

import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerEvent.End;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.worker.Crew.Hand;
import io.selfheal.worker.Crew.Past;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The verdict over a worker as a whole, for a job whose row does not say which of its processes
 * took it. Pure.
 *
 * <p>The holder is dead when nobody lives who could have it: each living process started after the
 * claim, and none of them can have been given the job by a process that is gone. A worker may take
 * a job and fork a child for it; the child is younger than the claim, outlives its parent, and
 * works on. A process that this agent started is no such child, nor is one that started when all
 * who could have taken the job had ended. Where the worker's processes are not bounded, who took
 * the job must have been seen: otherwise nobody knows what else it started.
 */
final class CrewJudge {
  private final Holder holder;
  private final Crew crew;
  private final Evidence evidence;

  /** Living processes that are not younger than the claim. */
  private final List<String> could = new ArrayList<>();

  /** Whether each of them is known not to have had children. */
  private boolean alone = true;

  private final List<String> doubts = new ArrayList<>();
  private @Nullable Hand oldest;
  private Duration oldestAge = Duration.ZERO;

  private CrewJudge(Holder holder, Crew crew, Evidence evidence) {
    this.holder = holder;
    this.crew = crew;
    this.evidence = evidence;
  }

  static Verdict judge(Holder holder, Crew crew, Evidence evidence) {
    return crew.doubt().isEmpty()
        ? new CrewJudge(holder, crew, evidence).judge()
        : Verdict.of(UNKNOWN, crew.doubt());
  }

  private Verdict judge() {
    List<Past> gone = crew.ended().stream().filter(this::mayHaveTakenIt).toList();
    for (Hand hand : crew.living()) {
      weigh(hand, gone);
    }
    if (!could.isEmpty()) {
      return someLive(gone);
    }
    boolean allEnded = !gone.isEmpty() && doubts.isEmpty();
    doubts.addAll(crew.strays());
    if (!crew.bounded() && (gone.isEmpty() || holder.newerThan() == null)) {
      doubts.add(
          "who took the job may have ended before this agent watched, and what that one started"
              + " may work on it");
    }
    if (doubts.isEmpty()) {
      return nobody(gone);
    }
    return allEnded
        ? Verdict.seemsGone(List.of(doubts.getFirst(), nobody(gone).evidence().getFirst()))
        : Verdict.of(UNKNOWN, doubts.getFirst());
  }

  private void weigh(Hand hand, List<Past> gone) {
    switch (evidence.sighting(hand.process().pid())) {
      case Sighting.Present present
          when present.stat().startTicks() == hand.process().startTicks()
              && !present.stat().ended() ->
          weigh(hand, present, gone);
      case Sighting.Hidden hidden -> could(hand, false);
      case Sighting.Present ended -> ending(hand);
      case Sighting.Absent absent -> ending(hand);
    }
  }

  private void weigh(Hand hand, Sighting.Present present, List<Past> gone) {
    Duration age = present.age();
    if (!new Taken(holder).before(age)) {
      could(hand, present.stat().childFaults() == 0);
      return;
    }
    Optional<Past> parent =
        gone.stream().filter(past -> past.endedAgo().compareTo(age) <= 0).findFirst();
    boolean leads = present.stat().session() == present.stat().pid();
    if (hand.own()
        || (parent.isEmpty() && !gone.isEmpty())
        || (gone.isEmpty() && crew.bounded() && leads)) {
      if (oldest == null || age.compareTo(oldestAge) > 0) {
        oldest = hand;
        oldestAge = age;
      }
      return;
    }
    String started = hand.name() + " started " + Words.of(age) + " ago, after the job was taken, ";
    doubts.add(
        started
            + parent
                .map(past -> "but before " + past.name() + " ended: it may work on its job")
                .orElse("but whose child it is, and whether it works on the job, is not known"));
  }

  private void could(Hand hand, boolean childless) {
    could.add(hand.name());
    alone &= childless;
  }

  /** Its notice is on the way; the next question knows more. */
  private void ending(Hand hand) {
    doubts.add(hand.name() + " is ending just now");
  }

  private boolean mayHaveTakenIt(Past past) {
    Duration newer = holder.newerThan();
    boolean before = newer != null && newer.plus(Judge.SEEN_MARGIN).compareTo(past.endedAgo()) < 0;
    return !before && !new Taken(holder).before(past.startedAgo());
  }

  private Verdict someLive(List<Past> gone) {
    String lives =
        could.size() == 1
            ? could.getFirst() + " lives and could hold it"
            : could.size() + " processes of " + crew.worker() + " live that could hold it";
    Optional<Past> last = last(gone);
    if (last.isPresent()) {
      return Verdict.of(
          UNKNOWN,
          lives
              + "; "
              + last.get().name()
              + ", which could, too, "
              + ended(last.get())
              + ": the row does not say which of them took it");
    }
    if (!alone) {
      return Verdict.of(UNKNOWN, lives + "; whether a child of it that is gone did is not known");
    }
    boolean complete = holder.newerThan() != null && doubts.isEmpty() && crew.strays().isEmpty();
    return complete
        ? Verdict.of(ALIVE, lives + "; none that could has ended since it was taken")
        : Verdict.of(UNKNOWN, lives + "; whether another one did before is not known");
  }

  private Verdict nobody(List<Past> gone) {
    String which =
        last(gone)
            .map(past -> "; the last that could have taken it, " + past.name() + ", ")
            .orElse("");
    String end = last(gone).map(CrewJudge::ended).orElse("");
    Hand first = oldest;
    if (first == null) {
      return Judge.dead("no process of " + crew.worker() + " lives" + which + end, demise(gone));
    }
    String taken =
        holder.knownFor() != null
                && oldestAge.plus(Judge.SEEN_MARGIN).compareTo(holder.knownFor()) < 0
            ? "the job was seen taken " + Words.of(holder.knownFor()) + " ago"
            : "the database says that the job was taken "
                + Optional.ofNullable(holder.claimAge()).map(Words::of).orElse("long")
                + " ago";
    return Judge.dead(
        "every process of %s is younger than the claim: %s, the oldest, started %s ago, %s%s%s"
            .formatted(crew.worker(), first.name(), Words.of(oldestAge), taken, which, end),
        demise(gone));
  }

  /** Of several that could have had the job, only what is true of all proves something. */
  private static Demise demise(List<Past> gone) {
    boolean wanted = gone.stream().allMatch(past -> past.demise().end() == End.ORDERLY);
    return gone.size() == 1 || (wanted && !gone.isEmpty())
        ? gone.getFirst().demise()
        : Demise.UNKNOWN;
  }

  private static Optional<Past> last(List<Past> gone) {
    return gone.stream().min(Comparator.comparing(Past::endedAgo));
  }

  private static String ended(Past past) {
    return "ended " + Words.of(past.endedAgo()) + " ago";
  }
}
