package io.selfheal.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the main process of a systemd service. Systemd is asked only when there is something new to
 * ask about: a question costs some milliseconds. Blocks; used by one thread at a time.
 */
final class UnitSearch implements Discovery {
  private final UnitDiscovery discovery;
  private final Function<String, Optional<SystemdUnit>> systemd;

  /** What systemd said last, and of which processes, by their start. */
  private Optional<SystemdUnit> said = Optional.empty();

  private Map<Long, Long> asked = Map.of();

  /**
   * @param systemd says how a unit is; empty when it cannot
   */
  UnitSearch(String unit, Function<String, Optional<SystemdUnit>> systemd) {
    this.discovery = new UnitDiscovery(unit);
    this.systemd = systemd;
  }

  @Override
  public Finding find(List<ProcEntry> table, Duration settled) {
    List<ProcEntry> members = discovery.members(table);
    Map<Long, Long> now =
        members.stream()
            .collect(
                Collectors.toMap(entry -> entry.stat().pid(), entry -> entry.stat().startTicks()));
    if (!now.isEmpty() && !holds(now)) {
      said = systemd.apply(discovery.unit());
      asked = now;
    }
    return discovery.main(table, members, said, settled);
  }

  /**
   * Whether what was said still holds: while the main process lives, and, where it was none, until
   * another process comes. A unit that is at its start or its end is asked about again, and one
   * that is active without a main process, too: systemd may have learned of one since.
   */
  private boolean holds(Map<Long, Long> now) {
    long mainPid = said.map(SystemdUnit::mainPid).orElse(0L);
    if (mainPid != 0 && asked.containsKey(mainPid)) {
      return asked.get(mainPid).equals(now.get(mainPid));
    }
    boolean down = said.isEmpty() || List.of("failed", "inactive").contains(said.get().active());
    return down && asked.equals(now);
  }
}
