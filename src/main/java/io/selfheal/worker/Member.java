package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests.Worker;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One worker with its slots; touched on the verticle's context only. */
final class Member {
  final WorkerConfig config;
  final Map<String, Slot> slots = new LinkedHashMap<>();

  /** Why it cannot be found or started; empty when all is well. */
  String problem = "";

  /** How many processes more or less than configured there are to be, and why. */
  Grants grants = Grants.NONE;

  /** Whether the last scan surely found all its processes. */
  boolean whole;

  /** Processes that were watched, and may live, though nothing names them any more. */
  final Set<ProcessIdentity> letGo = new LinkedHashSet<>();

  /** The process of it that was watched last; null when none was since the agent started. */
  @Nullable ProcessIdentity newest;

  /**
   * The process for which the agent had systemd restart the unit last, until it has it stopped;
   * null when none since the agent started.
   */
  @Nullable ProcessIdentity restarted;

  /** Whether a process of it was watched since the agent started. */
  boolean seen;

  Member(WorkerConfig config) {
    this.config = config;
  }

  Stream<Slot> living() {
    return slots.values().stream().filter(slot -> slot.watched != null);
  }

  /** Whether its processes call themselves by other pids than the agent does. */
  boolean walled() {
    return living().anyMatch(slot -> slot.watched != null && slot.watched.status.walled());
  }

  Worker shown(long mark) {
    return new Worker(
        config.name(),
        config.found(),
        config.owner(),
        wanted(),
        slots.values().stream().map(slot -> slot.shown(mark)).toList(),
        problem.isEmpty() ? null : problem);
  }

  private @Nullable Integer wanted() {
    return switch (config.way()) {
      case WorkerConfig.Way.Run run -> grants.wanted(run.instances());
      case WorkerConfig.Way.Unit unit -> 1;
      case WorkerConfig.Way.PidFile file -> 1;
      case WorkerConfig.Way.Command command -> null;
      case WorkerConfig.Way.Announced announced -> null;
    };
  }

  /** Whether a slot is one of those that there are to be. */
  boolean wants(Slot slot, WorkerConfig.Way.Run run) {
    return slot.number() <= grants.wanted(run.instances());
  }

  /**
   * Forgets slots of found processes that are gone: all when there is one process at a time and it
   * has a follower, otherwise the oldest beyond {@code most}.
   */
  void forgetGone(int most) {
    if (config.way() instanceof WorkerConfig.Way.Run) {
      return;
    }
    List<Slot> gone =
        slots.values().stream().filter(slot -> slot.watched == null && slot.last != null).toList();
    gone.stream()
        .limit(Math.max(0, gone.size() - most))
        .forEach(slot -> slots.remove(slot.instance));
  }
}
