package io.selfheal.worker;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Processes by their arguments, joined by spaces. Pure. */
record CommandDiscovery(Pattern pattern, long agent) implements Discovery {
  @Override
  public Finding find(List<ProcEntry> table, Duration settled) {
    List<ProcStat> all =
        table.stream()
            .filter(entry -> entry.stat().pid() != agent && !entry.stat().ended())
            .filter(entry -> entry.age().compareTo(settled) >= 0 && !entry.command().isEmpty())
            .filter(entry -> pattern.matcher(entry.command()).find())
            .map(ProcEntry::stat)
            .sorted(Comparator.comparing(ProcStat::startTicks).thenComparing(ProcStat::pid))
            .toList();
    if (all.isEmpty()) {
      return new Finding(all, false, "no command line matches " + pattern, true);
    }
    if (all.size() > MOST) {
      return new Finding(
          all.subList(0, MOST),
          false,
          all.size() + " processes match " + pattern + "; the oldest " + MOST + " are watched",
          false);
    }
    return new Finding(all, false, "", true);
  }
}
