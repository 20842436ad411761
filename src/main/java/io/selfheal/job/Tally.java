package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict.Ruling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of the jobs of one sweep: counted all, told in the answer within bounds, and all
 * recorded: the first ones each by itself, the others batch by batch.
 */
final class Tally {
  private static final int MOST_NAMED = 2;

  private final String source;
  private final Bus bus;
  private final Sweep query;
  private final Told told;
  private long rescued;
  private long held;
  private boolean provenHeld;
  private final List<Judgement> left = new ArrayList<>();
  private boolean lost;
  private List<Locked.One> locked = List.of();
  private long refused;
  private @Nullable String refusal;

  Tally(String source, Bus bus, Sweep query) {
    this.source = source;
    this.bus = bus;
    this.query = query;
    this.told = new Told(source);
  }

  /** A batch is done. */
  void add(List<Judgement> judged, List<Judgement> acting, Done done) {
    // Only what was tried can be changed: as many are the same ones, and need no set of their own.
    boolean all = done.changed().size() == acting.size();
    Set<String> tried = all ? done.changed() : Changing.ids(acting);
    Decided together = new Decided(source, query.incidentId());
    for (Judgement judgement : judged) {
      String id = judgement.job().id();
      String why = done.refused().get(id);
      if (!judgement.acts()) {
        stays(judgement);
      } else if (done.changed().contains(id)) {
        rescued(judgement, together);
      } else if (why != null) {
        refused(why);
        told.add(judgement.refused(why));
      } else if (tried.contains(id) && done.failure() == null) {
        left(judgement, together);
      }
    }
    together.events().forEach(bus::publish);
  }

  /** So many more are held back. */
  void hold(long more) {
    held += more;
  }

  private void refused(String why) {
    refused++;
    refusal = refusal == null ? why : refusal;
  }

  private void stays(Judgement judgement) {
    if (judgement.cause() == Cause.REFUSED) {
      refused(judgement.reason());
    }
    if (judgement.cause() == Cause.HELD) {
      held++;
      provenHeld |= judgement.verdict().ruling() == Ruling.DEAD;
    }
    told.add(judgement);
  }

  private void rescued(Judgement judgement, Decided together) {
    rescued++;
    told.add(judgement);
    if (query.dryRun()) {
      return;
    }
    if (rescued > Told.MOST) {
      together.add(judgement);
      return;
    }
    bus.publish(
        new JobEvent.Rescued(
            source,
            judgement.job().id(),
            judgement.effect(),
            judgement.reason(),
            judgement.verdict(),
            query.incidentId()));
  }

  /** Wanted, and not changed. Of the first ones it is said at the end why. */
  private void left(Judgement judgement, Decided together) {
    told.add(judgement.changed());
    if (left.size() < Told.MOST_LEFT) {
      left.add(judgement);
      return;
    }
    lost = true;
    if (query.incidentId() != null) {
      together.add(judgement.changed());
    }
  }

  /** The first that were wanted and not changed. */
  List<Judgement> left() {
    return List.copyOf(left);
  }

  /** Of those that were left, these wait for their rows; the others are no longer as read. */
  void settle(List<Locked.One> waiting) {
    locked = waiting;
    Map<String, Locked.One> byJob = new HashMap<>();
    waiting.forEach(one -> byJob.put(one.judgement().job().id(), one));
    for (Judgement judgement : left) {
      Locked.One one = byJob.get(judgement.job().id());
      if (one == null) {
        say(judgement.changed());
        continue;
      }
      Judgement waits = one.judgement().locked(one.words());
      told.instead(waits);
      if (one.news()) {
        say(waits);
      }
    }
  }

  /** Who swept by hand reads the answer. */
  private void say(Judgement judgement) {
    if (query.incidentId() != null) {
      bus.publish(
          new JobEvent.Left(
              source,
              judgement.job().id(),
              judgement.reason(),
              judgement.verdict(),
              query.incidentId()));
    }
  }

  /**
   * That jobs wait for their rows; null when none does. A sweep for one worker is about the jobs of
   * dead processes.
   */
  @Nullable String locked() {
    List<String> words =
        locked.stream()
            .filter(one -> query.worker() == null || !one.judgement().guess())
            .map(Locked.One::words)
            .toList();
    if (words.isEmpty()) {
      return null;
    }
    List<String> by = words.stream().distinct().toList();
    int more = by.size() - MOST_NAMED;
    return "%s%d %s locked %s%s"
        .formatted(
            lost ? "at least " : "",
            words.size(),
            words.size() == 1
                ? "job is tried again until its row is free: it is"
                : "jobs are tried again until their rows are free: they are",
            String.join("; and ", by.stream().limit(MOST_NAMED).toList()),
            more > 0 ? "; and by " + more + " more" : "");
  }

  long rescued() {
    return rescued;
  }

  long held() {
    return held;
  }

  /** Whether one whose holder is dead is held back. */
  boolean provenHeld() {
    return provenHeld;
  }

  /** Jobs whose change the table does not allow, with a reason; null when there are none. */
  @Nullable String refused() {
    return refused == 0
        ? null
        : refused + (refused == 1 ? " job is" : " jobs are") + " left: " + refusal;
  }

  List<StuckJob> told() {
    return told.jobs();
  }

  /** Jobs that were changed, or would be, and are not among the told. */
  long more() {
    return told.more();
  }
}
