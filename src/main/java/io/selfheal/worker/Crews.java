package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.worker.Crew.Hand;
import io.selfheal.worker.Crew.Past;
import io.selfheal.worker.Strays.Ancestor;
import io.selfheal.worker.Strays.Suspect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gathers the processes of each worker as one. On the verticle's context. */
final class Crews {
  private final Tools tools;
  private final Roster roster;
  private final String home;

  /**
   * @param home the agent's data directory, as its marks have it
   */
  Crews(Tools tools, Roster roster, String home) {
    this.tools = tools;
    this.roster = roster;
    this.home = home;
  }

  /** What a scan of all processes found just now, of those that are watched and of others. */
  record Scan(Map<Member, Discovery.Finding> findings, Strays strays) {
    /** Every pid that it takes for a worker's. */
    Stream<Long> pids() {
      return findings.values().stream()
          .flatMap(finding -> finding.processes().stream())
          .map(ProcStat::pid);
    }
  }

  /**
   * The crews by their worker's name.
   *
   * @param scan null: as known without one
   */
  Map<String, Crew> of(Set<String> workers, @Nullable Scan scan) {
    Map<String, Crew> crews = new HashMap<>();
    for (Member member : roster.members()) {
      if (workers.contains(member.config.name())) {
        crews.put(member.config.name(), crew(member, scan));
      }
    }
    return crews;
  }

  private Crew crew(Member member, @Nullable Scan scan) {
    String worker = member.config.name();
    List<Hand> living = new ArrayList<>();
    for (Slot slot : member.living().toList()) {
      if (slot.watched != null) {
        living.add(new Hand(slot.instance, slot.watched.process, slot.watched.child != null));
      }
    }
    List<Ancestor> ended = ended(worker);
    List<String> strays = List.of();
    Discovery.Finding finding = scan == null ? null : scan.findings.get(member);
    if (finding != null) {
      living.addAll(fresh(worker, finding));
    }
    if (scan != null) {
      Set<ProcessIdentity> known = living.stream().map(Hand::process).collect(Collectors.toSet());
      known.addAll(ended.stream().map(one -> one.fallen().process()).toList());
      strays = strays(member, scan.strays, ended, known);
    }
    return new Crew(
        worker,
        doubt(member, finding),
        member.config.way() instanceof WorkerConfig.Way.Run || !groups(member).isEmpty(),
        living,
        ended.stream().map(Crews::past).toList(),
        strays);
  }

  private List<Ancestor> ended(String worker) {
    return roster.graveyard.of(worker).stream()
        .map(
            fallen ->
                new Ancestor(
                    fallen,
                    tools.proc().age(fallen.process().startTicks()),
                    tools.time().since(fallen.mark())))
        .toList();
  }

  private static Past past(Ancestor one) {
    Fallen fallen = one.fallen();
    return new Past(fallen.instance(), one.startedAgo(), one.endedAgo(), fallen.demise());
  }

  /** Found, and not watched yet: too young, or not for long. */
  private List<Hand> fresh(String worker, Discovery.Finding finding) {
    return finding.processes().stream()
        .map(stat -> stat.identity(tools.proc().bootId()))
        .filter(process -> roster.byProcess(process).isEmpty())
        .filter(process -> roster.graveyard.find(process).isEmpty())
        .map(process -> new Hand(worker + "@" + process.pid(), process, false))
        .toList();
  }

  private List<String> strays(
      Member member, Strays found, List<Ancestor> ended, Set<ProcessIdentity> known) {
    boolean run = member.config.way() instanceof WorkerConfig.Way.Run;
    Suspect suspect =
        new Suspect(
            member.config.name(),
            ended,
            Set.copyOf(member.letGo),
            known,
            run ? home : null,
            groups(member));
    List<String> strays = new ArrayList<>(found.of(suspect, tools.proc().bootId()));
    if (!found.complete()) {
      strays.add("/proc does not show all processes to the agent's user (hidepid)");
    }
    return strays;
  }

  /** The control groups of the worker's unit, as its processes have them. */
  private Set<String> groups(Member member) {
    if (!(member.config.way() instanceof WorkerConfig.Way.Unit unit)) {
      return Set.of();
    }
    Stream<Kin> living =
        member
            .living()
            .flatMap(slot -> Optional.ofNullable(slot.watched).stream())
            .map(Watched::kin);
    Stream<Kin> ended = roster.graveyard.of(member.config.name()).stream().map(Fallen::kin);
    return Stream.concat(living, ended)
        .map(Kin::group)
        .filter(group -> Cgroups.of(List.of(group), unit.unit()))
        .collect(Collectors.toSet());
  }

  private static String doubt(Member member, Discovery.@Nullable Finding now) {
    String worker = member.config.name();
    if (member.config.way() instanceof WorkerConfig.Way.Announced) {
      return worker + " is known by its heartbeats alone: it may have processes that are not known";
    }
    if (!member.seen) {
      // Nothing that was ever found may as well be a wrong way to look.
      return "no process of " + worker + " was seen since the agent started";
    }
    boolean run = member.config.way() instanceof WorkerConfig.Way.Run;
    boolean whole = run || (now == null ? member.whole : now.whole());
    return whole
        ? ""
        : "not all processes of "
            + worker
            + " may be known: "
            + (now == null ? member.problem : now.problem());
  }
}
