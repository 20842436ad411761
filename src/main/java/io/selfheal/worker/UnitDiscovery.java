package io.selfheal.worker;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The main process of a systemd service, by its control group. Pure. */
record UnitDiscovery(String unit) implements Discovery {
  @Override
  public Finding find(List<ProcEntry> table, Duration settled) {
    List<ProcEntry> members =
        table.stream()
            .filter(entry -> Cgroups.of(entry.cgroups(), unit))
            .filter(entry -> !entry.stat().ended())
            .toList();
    Set<Long> pids = members.stream().map(entry -> entry.stat().pid()).collect(Collectors.toSet());
    Comparator<ProcEntry> mainFirst =
        Comparator.<ProcEntry, Boolean>comparing(entry -> pids.contains(entry.stat().parent()))
            .thenComparing(entry -> entry.stat().startTicks())
            .thenComparing(entry -> entry.stat().pid());
    return members.stream()
        .filter(entry -> entry.age().compareTo(settled) >= 0)
        .min(mainFirst)
        .map(main -> new Finding(List.of(main.stat()), false, "", true))
        .orElse(new Finding(List.of(), false, "no process runs in unit " + unit, true));
  }
}
