package io.selfheal.worker;

import java.util.OptionalInt;

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

  /** Nothing more is known of it. */
  Died UNTOLD = new Died(OptionalInt.empty(), "");

  /** The end of one process of a service. */
  static UnitEnd of(String unit, long pid, SystemdUnit now) {
    UnitTimes times = now.times();
    if (times.mainPid() == pid) {
      return times.exited() == 0 ? new NotYet() : known(unit, now);
    }
    if (times.mainPid() == 0 && now.wantedDown() && !now.loaded().equals("not-found")) {
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
    boolean again = now.times().begunAgain();
    return switch (now.active()) {
      case "deactivating", "activating" -> new NotYet();
      case "failed" ->
          again
              ? new Died(
                  now.times().waitStatus(),
                  "somebody had systemd restart " + unit + ", and it failed at its start")
              : stopped(unit);
      default -> stopped(unit);
    };
  }

  private static UnitEnd stopped(String unit) {
    return new Asked("somebody had systemd stop " + unit, false);
  }

  /** What is to be told when systemd takes longer than anybody should wait. */
  static UnitEnd late(String unit, SystemdUnit now) {
    return now.asked() ? new Asked("somebody had systemd stop or restart " + unit, true) : UNTOLD;
  }
}
