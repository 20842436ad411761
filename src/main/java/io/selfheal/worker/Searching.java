package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for the processes of workers that others start. On the verticle's context. */
final class Searching {
  private static final Logger LOG = LoggerFactory.getLogger(Searching.class);

  private final Tools tools;
  private final Roster roster;
  private final Watching watching;
  private final Systemctl systemctl = new Systemctl();
  private final Map<Member, Discovery> discoveries = new HashMap<>();
  private final ProcScanner scanner;
  private Future<Void> running = Future.succeededFuture();

  Searching(Tools tools, Roster roster, Watching watching) {
    this.tools = tools;
    this.roster = roster;
    this.watching = watching;
    roster
        .members()
        .forEach(member -> discovery(member).ifPresent(one -> discoveries.put(member, one)));
    scanner =
        new ProcScanner(
            tools.proc(),
            discoveries.values().stream().anyMatch(CommandDiscovery.class::isInstance),
            discoveries.values().stream().anyMatch(UnitSearch.class::isInstance));
  }

  private Optional<Discovery> discovery(Member member) {
    return switch (member.config.way()) {
      case WorkerConfig.Way.Unit unit -> Optional.of(new UnitSearch(unit.unit(), systemctl::state));
      case WorkerConfig.Way.PidFile file ->
          Optional.of(new PidFileDiscovery(file.file(), tools.time().wall()));
      case WorkerConfig.Way.Command command ->
          Optional.of(new CommandDiscovery(command.pattern(), ProcessHandle.current().pid()));
      case WorkerConfig.Way.Run run -> Optional.empty();
      case WorkerConfig.Way.Announced announced -> Optional.empty();
    };
  }

  /** Whether a worker's processes are looked for. */
  boolean looksFor(Member member) {
    return discoveries.containsKey(member);
  }

  /** Whether any are. */
  boolean looks() {
    return !discoveries.isEmpty();
  }

  /** One scan, after the one that runs, if one does; never two at once. */
  Future<Void> search(Duration settled) {
    if (discoveries.isEmpty()) {
      return Future.succeededFuture();
    }
    running =
        running
            .otherwiseEmpty()
            .compose(before -> tools.blocking(() -> look(settled, false)))
            .map(
                findings -> {
                  apply(findings);
                  return null;
                });
    return running;
  }

  /** What a new scan finds, of any age; nothing is taken. After the one that runs, too. */
  Future<Map<Member, Discovery.Finding>> peek() {
    if (discoveries.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    Future<Map<Member, Discovery.Finding>> found =
        running.otherwiseEmpty().compose(before -> tools.blocking(() -> look(Duration.ZERO, true)));
    running = found.mapEmpty();
    return found;
  }

  private Map<Member, Discovery.Finding> look(Duration settled, boolean anew) {
    List<ProcEntry> table = scanner.scan(anew);
    Map<Member, Discovery.Finding> findings = new HashMap<>();
    discoveries.forEach(
        (member, discovery) -> findings.put(member, discovery.find(table, settled)));
    return findings;
  }

  private void apply(Map<Member, Discovery.Finding> findings) {
    // In the order of the configuration: a process belongs to the first worker that finds it.
    for (Member member : List.copyOf(roster.members())) {
      Discovery.Finding finding = findings.get(member);
      if (finding != null) {
        apply(member, finding);
      }
    }
  }

  private void apply(Member member, Discovery.Finding finding) {
    member.problem = finding.problem();
    member.whole = finding.whole();
    Set<ProcessIdentity> found = new HashSet<>();
    List<ProcStat> fresh = new ArrayList<>();
    for (ProcStat stat : finding.processes()) {
      ProcessIdentity process = stat.identity(tools.proc().bootId());
      found.add(process);
      boolean known =
          roster.byProcess(process).isPresent() || roster.graveyard.find(process).isPresent();
      if (!known) {
        fresh.add(stat);
      }
    }
    if (finding.only() && !fresh.isEmpty()) {
      releaseOthers(member, found);
    }
    boolean single = member.config.way() instanceof WorkerConfig.Way.Unit;
    if (single && member.living().findAny().isPresent()) {
      // The main process lives: a second one that looks like it is its child or its helper.
      return;
    }
    fresh.forEach(stat -> take(member, stat));
  }

  /** A pid file names another process now; the one before lives on and is let go. */
  private void releaseOthers(Member member, Set<ProcessIdentity> found) {
    for (Slot slot : member.living().toList()) {
      if (slot.watched != null && !found.contains(slot.watched.process)) {
        LOG.info("{} is no longer watched: its pid file names another process now", slot.instance);
        member.letGo.add(slot.watched.process);
        watching.release(slot);
        member.slots.remove(slot.instance);
      }
    }
  }

  private void take(Member member, ProcStat stat) {
    String instance = member.config.name() + "@" + stat.pid();
    long restarts = 0;
    boolean follows =
        member.config.way() instanceof WorkerConfig.Way.Unit
            || member.config.way() instanceof WorkerConfig.Way.PidFile;
    if (follows) {
      restarts = member.slots.values().stream().mapToLong(slot -> slot.restarts).max().orElse(0);
      member.forgetGone(0);
    }
    Slot slot = roster.slot(member, instance, tools.time().now());
    slot.restarts = Math.max(slot.restarts, restarts);
    if (watching.found(slot, stat).isEmpty() && slot.last == null) {
      member.slots.remove(instance);
    }
  }
}
