package io.selfheal.worker;

import io.selfheal.message.WorkerEvent;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads every watched process once a second and says how it is. On the verticle's context. */
final class Sampling {
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Sampling.class);

  private final Tools tools;
  private final Roster roster;
  private final Endings endings;
  private final Attending attending;

  Sampling(Tools tools, Roster roster, Endings endings, Attending attending) {
    this.tools = tools;
    this.roster = roster;
    this.endings = endings;
    this.attending = attending;
  }

  /** A reading; empty with {@code gone} when the process provably is not there. */
  private record Reading(
      Slot slot, Watched watched, Optional<RawReading> raw, GroupReading group, boolean gone) {}

  /**
   * What one round read.
   *
   * @param hostKills see {@link HostKills}
   */
  private record Round(long hostKills, List<Reading> readings) {}

  /** One round. */
  Future<Void> sample() {
    attending.now = attending.now.tick(tools.time().mark(), INTERVAL);
    List<Slot> living = roster.living();
    List<Watched> processes = new ArrayList<>();
    for (Slot slot : living) {
      if (slot.watched != null) {
        processes.add(slot.watched);
      }
    }
    return tools
        .blocking(() -> read(living, processes))
        .map(
            round -> {
              endings.tick(round.hostKills);
              round.readings.forEach(this::apply);
              return null;
            });
  }

  private Round read(List<Slot> slots, List<Watched> processes) {
    List<Reading> readings = new ArrayList<>();
    long hostKills = HostKills.now();
    for (int i = 0; i < processes.size(); i++) {
      Watched watched = processes.get(i);
      Optional<RawReading> raw = watched.files.read(tools.time().mark());
      boolean gone = raw.isPresent() ? raw.get().stat().ended() : isGone(watched);
      readings.add(new Reading(slots.get(i), watched, raw, watched.groups.read(), gone));
    }
    return new Round(hostKills, readings);
  }

  /** A reading that failed is no proof: asks the kernel. */
  private boolean isGone(Watched watched) {
    return switch (tools.proc().sight(watched.process.pid())) {
      case Sighting.Absent absent -> true;
      case Sighting.Hidden hidden -> false;
      case Sighting.Present present ->
          present.stat().startTicks() != watched.process.startTicks() || present.stat().ended();
    };
  }

  private void apply(Reading reading) {
    Slot slot = reading.slot;
    Watched watched = reading.watched;
    if (slot.watched != watched) {
      // It ended, or was let go, while it was read.
      return;
    }
    if (reading.gone) {
      endings.gone(slot, " (seen in /proc)", tools.time().now());
      return;
    }
    watched.read(reading.group);
    reading.raw.ifPresent(raw -> apply(slot, watched, raw));
  }

  private void apply(Slot slot, Watched watched, RawReading raw) {
    Proc proc = tools.proc();
    watched.sample = raw.since(watched.last, proc.ticksPerSecond(), proc.pageBytes());
    watched.last = raw;
    watched.movement = Movement.next(watched.movement, raw);
    judge(
        slot,
        watched,
        watched.condition.look(
            watched.group.state(raw.stat().state()), attending.now, slot.worker.patience()));
    tools
        .bus()
        .publish(
            new WorkerEvent.Sampled(
                slot.worker.name(), slot.instance, watched.process, watched.sample));
  }

  /** A heartbeat of a process came. */
  void heard(Slot slot, Watched watched) {
    judge(slot, watched, watched.condition.heard(attending.now.attended()));
  }

  private void judge(Slot slot, Watched watched, Condition.Step step) {
    watched.condition = step.next();
    step.change()
        .ifPresent(
            change -> {
              switch (change) {
                case Condition.Change.Better better -> recovered(slot, watched);
                case Condition.Change.Worse worse -> unwell(slot, watched, worse);
              }
            });
  }

  private void recovered(Slot slot, Watched watched) {
    LOG.info("{} does its part again", slot.instance);
    tools
        .bus()
        .publish(new WorkerEvent.Recovered(slot.worker.name(), slot.instance, watched.process));
  }

  private void unwell(Slot slot, Watched watched, Condition.Change.Worse worse) {
    String evidence =
        switch (worse.reason()) {
          case FROZEN ->
              (watched.group.freezer().isEmpty()
                      ? "has been stopped by a signal (state T)"
                      : "has been frozen by " + watched.group.freezer())
                  + " for at least "
                  + Words.of(worse.lasted());
          case SILENT ->
              "sent no heartbeat for "
                  + Words.of(worse.lasted())
                  + slot.worker
                      .patience()
                      .silentAfter()
                      .map(allowed -> "; " + Words.of(allowed) + " are allowed")
                      .orElse("");
        };
    LOG.debug("{}, {}, {}", slot.instance, watched.process, evidence);
    tools
        .bus()
        .publish(
            new WorkerEvent.Unresponsive(
                slot.worker.name(),
                slot.instance,
                watched.process,
                slot.worker.owner(),
                worse.reason(),
                evidence,
                worse.lasted()));
  }
}
