package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/** Whether a unit that somebody had systemd restart comes back. */
enum Comeback {
  /** Look again later: it is at it, or its new process is not watched yet. */
  WAIT,
  /** Nobody waits for it: it was stopped after all, or it has no main process. */
  DROP,
  /** It failed, or systemd tries again and again. */
  FAILED;

  /**
   * Whether it was back: another process was watched since, and should that be gone by now, its
   * loss is told by itself.
   *
   * @param newest the process of the worker that was watched last
   */
  static boolean isBack(ProcessIdentity before, @Nullable ProcessIdentity newest) {
    return newest != null && !newest.equals(before);
  }

  /** By what systemd says, while no process of it is watched. Pure. */
  static Comeback of(SystemdUnit now) {
    return switch (now.active()) {
      case "active" -> now.mainPid() == 0 ? DROP : WAIT;
      case "activating" -> now.startsItself() ? FAILED : WAIT;
      case "deactivating", "reloading", "refreshing" -> WAIT;
      case "failed", "inactive" -> now.startIsDue() ? WAIT : now.wantedDown() ? DROP : FAILED;
      default -> DROP;
    };
  }
}
