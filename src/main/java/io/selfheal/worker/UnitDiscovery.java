package io.selfheal.worker;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The main process of a systemd service, by its control group and what systemd says. Pure. */
record UnitDiscovery(String unit) {
  private static final Set<String> RUNNING = Set.of("active", "reloading", "refreshing");

  /**
   * The living processes of the service: its main process, what prepares or ends it, and theirs.
   */
  List<ProcEntry> members(List<ProcEntry> table) {
    return table.stream()
        .filter(entry -> Cgroups.of(entry.cgroups(), unit))
        .filter(entry -> !entry.stat().ended())
        .toList();
  }

  /**
   * The main process among all.
   *
   * @param now what systemd says; empty when it could not be asked
   */
  Discovery.Finding main(
      List<ProcEntry> table, List<ProcEntry> members, Optional<SystemdUnit> now, Duration settled) {
    Optional<SystemdUnit> known = now.filter(one -> !one.loaded().equals("not-found"));
    if (known.isEmpty() || members.isEmpty()) {
      return topmost(members, settled);
    }
    long mainPid = known.get().mainPid();
    if (mainPid != 0) {
      return finding(
          table.stream()
              .filter(entry -> entry.stat().pid() == mainPid && !entry.stat().ended())
              .filter(entry -> entry.age().compareTo(settled) >= 0)
              .findFirst(),
          "");
    }
    // What runs while there is no main process prepares its start, ends it, or was left behind.
    return RUNNING.contains(known.get().active())
        ? topmost(members, settled)
        : finding(
            Optional.empty(), ": it is %s (%s)".formatted(known.get().active(), known.get().sub()));
  }

  /** Whose parent is not of the service; the eldest where there are several. */
  private Discovery.Finding topmost(List<ProcEntry> members, Duration settled) {
    Set<Long> pids = members.stream().map(entry -> entry.stat().pid()).collect(Collectors.toSet());
    Comparator<ProcEntry> mainFirst =
        Comparator.<ProcEntry, Boolean>comparing(entry -> pids.contains(entry.stat().parent()))
            .thenComparing(entry -> entry.stat().startTicks())
            .thenComparing(entry -> entry.stat().pid());
    return finding(
        members.stream().filter(entry -> entry.age().compareTo(settled) >= 0).min(mainFirst), "");
  }

  private Discovery.Finding finding(Optional<ProcEntry> main, String why) {
    return main.map(one -> new Discovery.Finding(List.of(one.stat()), false, "", true))
        .orElse(
            new Discovery.Finding(List.of(), false, "no process runs in unit " + unit + why, true));
  }
}
