package io.selfheal.worker;

/** Whether a unit that somebody had systemd restart comes back. */
enum Comeback {
  /** Look again later: it is at it, or its new process is not watched yet. */
  WAIT,
  /** Nobody waits for it: it was stopped after all, or it has no main process. */
  DROP,
  /** It failed, or systemd tries again and again. */
  FAILED;

  /** By what systemd says, while no process of it is watched. Pure. */
  static Comeback of(SystemdUnit now) {
    return switch (now.active()) {
      case "active" -> now.mainPid() == 0 ? DROP : WAIT;
      case "activating" -> now.startsItself() ? FAILED : WAIT;
      case "deactivating", "reloading", "refreshing" -> WAIT;
      case "failed", "inactive" -> now.wantedDown() ? DROP : FAILED;
      default -> DROP;
    };
  }
}
