package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.StuckJob;
import io.selfheal.message.Verdict.Ruling;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of the jobs of one sweep: counted all, told in the answer within bounds, and all
 * recorded: the first ones each by itself, the others batch by batch.
 */
final class Tally {
  private final String source;
  private final Bus bus;
  private final Sweep query;
  private final Told told;
  private long rescued;
  private long held;
  private boolean provenHeld;
  private int lost;
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
        left(judgement.changed(), together);
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

  /** Wanted, and no longer as it was read. Who swept by hand reads the answer. */
  private void left(Judgement judgement, Decided together) {
    told.add(judgement);
    if (query.incidentId() == null) {
      return;
    }
    if (++lost > Told.MOST_LEFT) {
      together.add(judgement);
      return;
    }
    bus.publish(
        new JobEvent.Left(
            source,
            judgement.job().id(),
            judgement.reason(),
            judgement.verdict(),
            query.incidentId()));
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
