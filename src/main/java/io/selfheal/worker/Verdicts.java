package io.selfheal.worker;

import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers the evidence and lets {@link Judge} decide. On the verticle's context. */
final class Verdicts {
  private final Tools tools;
  private final Roster roster;

  Verdicts(Tools tools, Roster roster) {
    this.tools = tools;
    this.roster = roster;
  }

  /** Answers {@code worker.judge}. */
  Future<WorkerRequests.Verdicts> judge(JudgeHolders query) {
    Set<Long> pids = pids(query.holders());
    return tools
        .blocking(
            () -> {
              Map<Long, Sighting> sightings = new HashMap<>();
              pids.forEach(pid -> sightings.put(pid, tools.proc().sight(pid)));
              return sightings;
            })
        .map(
            sightings -> {
              Evidence evidence = evidence(query.holders(), sightings);
              return new WorkerRequests.Verdicts(
                  query.holders().stream().map(holder -> Judge.judge(holder, evidence)).toList());
            });
  }

  private Set<Long> pids(List<Holder> holders) {
    Set<Long> pids = new TreeSet<>();
    for (Holder holder : holders) {
      holder.pid().stream().filter(Judge::isPid).forEach(pids::add);
    }
    roster.living().stream()
        .flatMap(slot -> Optional.ofNullable(slot.watched).stream())
        .forEach(watched -> pids.add(watched.process.pid()));
    return pids;
  }

  private Evidence evidence(List<Holder> holders, Map<Long, Sighting> sightings) {
    long mark = tools.time().mark();
    Map<Long, Fallen> ended = new HashMap<>();
    Map<String, Filled> instances = new HashMap<>();
    for (Member member : roster.members()) {
      for (Slot slot : member.slots.values()) {
        Filled filled = slot.filled(mark);
        if (filled != null) {
          instances.put(slot.instance, filled);
        }
      }
    }
    for (Holder holder : holders) {
      forgotten(holder.instance(), mark)
          .ifPresent(filled -> instances.putIfAbsent(filled.instance(), filled));
    }
    for (long pid : sightings.keySet()) {
      roster.graveyard.newest(pid).ifPresent(fallen -> ended.put(pid, fallen));
    }
    return new Evidence(
        tools.proc().host(),
        tools.proc().rootNamespace(),
        workers(member -> true),
        workers(member -> member.seen),
        workers(Member::walled),
        instances,
        sightings,
        ended,
        mark);
  }

  /** The slot of a found process that is not kept any more: its name holds the pid. */
  private Optional<Filled> forgotten(@Nullable String instance, long mark) {
    if (instance == null || !instance.matches(".{1,64}@\\d{1,7}")) {
      return Optional.empty();
    }
    long pid = Long.parseLong(instance.substring(instance.lastIndexOf('@') + 1));
    return roster
        .graveyard
        .newest(pid)
        .filter(fallen -> fallen.instance().equals(instance))
        .map(fallen -> fallen.filled(mark));
  }

  private Set<String> workers(Predicate<Member> which) {
    return roster.members().stream()
        .filter(which)
        .map(member -> member.config.name())
        .collect(Collectors.toCollection(HashSet::new));
  }
}
