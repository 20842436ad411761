package io.selfheal.worker;

import java.util.OptionalInt;
import java.util.Set;

/** How a process of a service came to its end, by what systemd says of the service. Pure. */
sealed interface UnitEnd {
  /** Look again soon: systemd has not noticed it yet, or is at it. */
  record NotYet() implements UnitEnd {}

  /**
   * Somebody had systemd stop or restart it.
   *
   * @param restarted whether another process is to follow
   */
  record Asked(String reason, boolean restarted) implements UnitEnd {}

  /**
   * It ended, and nobody had asked for it, or it was to come back and did not.
   *
   * @param waitStatus as wait(2) gives it; empty when systemd does not know either
   * @param reason what systemd has to say beside that; empty when nothing
   */
  record Died(OptionalInt waitStatus, String reason) implements UnitEnd {}

  /** How a process ends that is done, or heeds HUP, INT or TERM, as wait(2) gives it. */
  Set<Integer> CLEAN = Set.of(0, 1, 2, 15, 143 << 8);

  /** Nothing more is known of it. */
  Died UNTOLD = new Died(OptionalInt.empty(), "");

  /**
   * The end of one process of a service.
   *
   * @param status of wait(2), where the agent has it itself
   */
  static UnitEnd of(String unit, long pid, OptionalInt status, SystemdUnit now) {
    UnitTimes times = now.times();
    if (times.mainPid() == pid) {
      return times.exited() == 0 ? new NotYet() : known(unit, now);
    }
    if (times.mainPid() == 0 && now.startIsDue()) {
      return new NotYet();
    }
    if (times.mainPid() == 0 && now.wantedDown() && !now.loaded().equals("not-found")) {
      if (status.isPresent() && !CLEAN.contains(status.getAsInt())) {
        return UNTOLD;
      }
      // Systemd forgets a unit that does not run, and that no other one refers to.
      return new Asked(unit + " was stopped, or ended by itself without an error", false);
    }
    // One that is restarted during its first start since the boot was never active.
    boolean wasUp = times.left() > 0 || now.active().equals("activating");
    boolean byHand = times.mainPid() != 0 && wasUp && times.restarts() == 0;
    return byHand && now.mainPid() != 0
        ? new Asked("somebody had systemd restart " + unit, true)
        : UNTOLD;
  }

  private static UnitEnd known(String unit, SystemdUnit now) {
    if (!now.asked()) {
      return new Died(now.times().waitStatus(), "");
    }
    if (now.startIsDue()) {
      return new NotYet();
    }
    boolean again = now.times().begunAgain();
    return switch (now.active()) {
      case "deactivating", "activating" -> new NotYet();
      case "failed" -> {
        String restart = "somebody had systemd restart " + unit + ", and ";
        if (now.startRefused()) {
          yield new Died(
              now.times().waitStatus(),
              restart + "it refused to, as it was started too often of late (StartLimitBurst)");
        }
        yield again
            ? new Died(now.times().waitStatus(), restart + "it failed at its start")
            : stopped(unit);
      }
      default -> stopped(unit);
    };
  }

  private static UnitEnd stopped(String unit) {
    return new Asked("somebody had systemd stop " + unit, false);
  }

  /** What is to be told when systemd takes longer than anybody should wait. */
  static UnitEnd late(String unit, SystemdUnit now) {
    boolean between = now.times().mainPid() == 0 && now.startIsDue();
    return now.asked() || between
        ? new Asked("somebody had systemd stop or restart " + unit, true)
        : UNTOLD;
  }
}
