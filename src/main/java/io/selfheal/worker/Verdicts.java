package io.selfheal.worker;

import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Gathers the evidence and lets {@link Abroad} decide. On the verticle's context. */
final class Verdicts {
  private final Tools tools;
  private final Roster roster;
  private final Searching searching;
  private final Sharing sharing;
  private final Crews crews;
  private final WalledSearches walled;

  Verdicts(Tools tools, Roster roster, Searching searching, Sharing sharing, Crews crews) {
    this.tools = tools;
    this.roster = roster;
    this.searching = searching;
    this.sharing = sharing;
    this.crews = crews;
    walled = new WalledSearches(tools);
  }

  /** Verdicts with what they rest on. */
  private record Judged(Evidence evidence, List<Verdict> verdicts) {
    /** The same, but for some, which were judged anew. */
    Judged with(List<Integer> places, Judged anew) {
      List<Verdict> all = new ArrayList<>(verdicts);
      for (int i = 0; i < places.size(); i++) {
        all.set(places.get(i), anew.verdicts.get(i));
      }
      return new Judged(anew.evidence, all);
    }
  }

  /** Answers {@code worker.judge}. */
  Future<WorkerRequests.Verdicts> judge(JudgeHolders query) {
    List<Holder> holders = query.holders();
    Set<Long> pids = pids(holders);
    Set<String> whole =
        holders.stream()
            .filter(Holder::only)
            .flatMap(holder -> Optional.ofNullable(holder.worker()).stream())
            .collect(Collectors.toSet());
    return tools
        .blocking(() -> sight(pids))
        .map(sightings -> judge(holders, evidence(holders, sightings, crews.of(whole, null))))
        .compose(
            judged ->
                restsOnAll(holders, judged.verdicts)
                    ? scanned(holders, pids, whole)
                    : Future.succeededFuture(judged))
        .compose(judged -> behindWalls(holders, judged))
        .map(judged -> new WorkerRequests.Verdicts(judged.verdicts));
  }

  /** Whether a holder seems dead because nobody lives who could be it. */
  private static boolean restsOnAll(List<Holder> holders, List<Verdict> verdicts) {
    return IntStream.range(0, holders.size())
        .anyMatch(i -> holders.get(i).only() && verdicts.get(i).ruling() == Verdict.Ruling.DEAD);
  }

  /**
   * The verdicts after a scan of all processes. Only a scan that began after a claim was seen shows
   * that no process has it that was not known yet.
   */
  private Future<Judged> scanned(List<Holder> holders, Set<Long> pids, Set<String> whole) {
    return searching
        .peek()
        .compose(
            findings -> tools.blocking(() -> new Crews.Scan(findings, Strays.scan(tools.proc()))))
        .compose(
            scan -> {
              Set<Long> all = new TreeSet<>(pids);
              all.addAll(pids(holders));
              scan.pids().forEach(all::add);
              return tools
                  .blocking(() -> sight(all))
                  .map(
                      sightings ->
                          judge(holders, evidence(holders, sightings, crews.of(whole, scan))));
            });
  }

  /**
   * The verdicts after a look for holders that seem dead for want of a process of their pid. It
   * tells nothing of the others.
   */
  private Future<Judged> behindWalls(List<Holder> holders, Judged judged) {
    List<Integer> missing =
        IntStream.range(0, holders.size())
            .filter(i -> judged.verdicts.get(i).ruling() == Verdict.Ruling.DEAD)
            .filter(i -> Judge.restsOnPid(holders.get(i), judged.evidence))
            .boxed()
            .toList();
    List<Holder> sought = missing.stream().map(holders::get).toList();
    return missing.isEmpty()
        ? Future.succeededFuture(judged)
        : walled
            .of(sought, judged.evidence.mark())
            .map(walls -> judged.with(missing, judge(sought, judged.evidence.with(walls))));
  }

  private Map<Long, Sighting> sight(Set<Long> pids) {
    Map<Long, Sighting> sightings = new HashMap<>();
    pids.forEach(pid -> sightings.put(pid, tools.proc().sight(pid)));
    return sightings;
  }

  private Judged judge(List<Holder> holders, Evidence evidence) {
    Duration uptime = tools.proc().age(0);
    return new Judged(
        evidence,
        holders.stream()
            .map(
                holder ->
                    Restart.weigh(
                        holder,
                        Abroad.judge(holder, evidence, sharing.views()),
                        evidence.host(),
                        uptime))
            .toList());
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

  private Evidence evidence(
      List<Holder> holders, Map<Long, Sighting> sightings, Map<String, Crew> whole) {
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
        mark,
        whole,
        Walls.NONE);
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
