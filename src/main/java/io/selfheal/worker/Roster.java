package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests.Workers;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All workers, slots and living processes; touched on the verticle's context only. */
final class Roster {
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<ProcessIdentity, Slot> living = new LinkedHashMap<>();
  private final Map<Long, Slot> tokens = new HashMap<>();
  final Graveyard graveyard = new Graveyard();

  Roster(WorkersConfig config, Instant now) {
    for (WorkerConfig worker : config.workers()) {
      Member member = join(worker);
      if (worker.way() instanceof WorkerConfig.Way.Run run) {
        slots(member, run.instances(), now);
      }
    }
  }

  Collection<Member> members() {
    return members.values();
  }

  @Nullable Member member(String worker) {
    return members.get(worker);
  }

  /** Adds a worker. */
  Member join(WorkerConfig worker) {
    return members.computeIfAbsent(worker.name(), name -> new Member(worker));
  }

  /** Sees to it that the agent's own worker has so many slots, at least. */
  void slots(Member member, int count, Instant now) {
    for (int i = 1; i <= count; i++) {
      slot(member, member.config.name() + "." + i, now);
    }
  }

  /** Forgets empty slots of the agent's own worker above a number. */
  void forgetBeyond(Member member, int most) {
    member.slots.values().removeIf(slot -> slot.number() > most && slot.watched == null);
  }

  /** The slot of that name; a new one when there is none. */
  Slot slot(Member member, String instance, Instant now) {
    return member.slots.computeIfAbsent(instance, name -> new Slot(member.config, name, now));
  }

  void fill(Slot slot, Watched watched, Instant now) {
    slot.watched = watched;
    slot.since = now;
    living.put(watched.process, slot);
    tokens.put(watched.token, slot);
    Member member = members.get(slot.worker.name());
    if (member != null) {
      member.seen = true;
      member.newest = watched.process;
    }
  }

  /**
   * Takes the process out of its slot and remembers when it ended.
   *
   * @param demise how it came to its end
   */
  void empty(Slot slot, Watched watched, Instant now, long mark, Demise demise) {
    release(slot, watched);
    slot.since = now;
    slot.endedMark = mark;
    slot.lastDemise = demise;
    graveyard.add(
        new Fallen(
            slot.worker.name(),
            slot.instance,
            watched.process,
            mark,
            watched.kin(),
            slot.lastOwnPid,
            demise));
  }

  /** Takes a process out of its slot that lives on. */
  void release(Slot slot, Watched watched) {
    slot.watched = null;
    slot.last = watched.process;
    slot.lastOwnPid = watched.status.ownPid(watched.process.pid());
    living.remove(watched.process);
    tokens.remove(watched.token);
  }

  Optional<Slot> byToken(long token) {
    return Optional.ofNullable(tokens.get(token));
  }

  Optional<Slot> byProcess(ProcessIdentity process) {
    return Optional.ofNullable(living.get(process));
  }

  Optional<Slot> byPid(long pid) {
    return living.values().stream()
        .filter(slot -> slot.watched != null && slot.watched.process.pid() == pid)
        .findFirst();
  }

  List<Slot> living() {
    return List.copyOf(living.values());
  }

  Workers shown(long mark) {
    return new Workers(members.values().stream().map(member -> member.shown(mark)).toList());
  }
}
