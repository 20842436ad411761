package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests.Ended;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the agent's own workers up: takes over the processes that an agent before this one left
 * running, and starts those that are missing. On the verticle's context.
 */
final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final Tools tools;
  private final Roster roster;
  private final Watching watching;
  private final Starter starter;
  private final Scaling scaling;
  private final String home;

  Adoption(
      Tools tools,
      Roster roster,
      Watching watching,
      Starter starter,
      Scaling scaling,
      String home) {
    this.tools = tools;
    this.roster = roster;
    this.watching = watching;
    this.starter = starter;
    this.scaling = scaling;
    this.home = home;
  }

  /** Ends when each instance has a process, or a problem. */
  Future<Void> bringUp() {
    return scaling
        .recall()
        .compose(recalled -> tools.blocking(() -> ProcScanner.marked(tools.proc(), home)))
        .compose(
            found -> {
              // Oldest first: where two claim one instance, the older keeps it.
              found.forEach(this::adopt);
              return startMissing();
            });
  }

  private void adopt(ProcScanner.Marked found) {
    Marks marks = found.marks();
    String process = "pid " + found.stat().pid();
    Member member = roster.member(marks.worker());
    Slot slot = member == null ? null : member.slots.get(marks.instance());
    boolean ours = slot != null && slot.worker.way() instanceof WorkerConfig.Way.Run;
    if (slot == null || !ours) {
      watching
          .problems()
          .set(
              process,
              process
                  + " runs as "
                  + marks.instance()
                  + ", which the configuration no longer has: end it, or configure it again");
      return;
    }
    if (slot.watched != null && slot.watched.process.pid() == found.stat().pid()) {
      return;
    }
    if (slot.watched != null) {
      watching
          .problems()
          .set(
              process,
              process
                  + " claims to be "
                  + slot.instance
                  + ", which is the older "
                  + slot.watched.process
                  + ": end it");
      return;
    }
    watching
        .found(slot, found.stat())
        .ifPresent(adopted -> LOG.debug("{} was running before the agent", slot.instance));
  }

  /** Starts each instance that never had a process; one that was lost is the healer's. */
  Future<Void> startMissing() {
    List<Future<?>> starts = new ArrayList<>();
    for (Member member : roster.members()) {
      if (member.config.way() instanceof WorkerConfig.Way.Run run) {
        member.slots.values().stream()
            .filter(slot -> slot.watched == null && slot.last == null)
            .filter(slot -> member.wants(slot, run))
            .forEach(slot -> starts.add(first(slot, run)));
      }
    }
    return Future.join(starts).mapEmpty();
  }

  private Future<Ended> first(Slot slot, WorkerConfig.Way.Run run) {
    return starter
        .launch(slot, run, null)
        .onSuccess(
            ended -> {
              ProcessIdentity process = ended.process();
              if (ended.outcome() == Outcome.DONE && process != null) {
                LOG.info("Started {}, pid {}: {}", slot.instance, process.pid(), slot.command);
              }
            });
  }
}
