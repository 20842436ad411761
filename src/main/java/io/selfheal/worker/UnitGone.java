package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/**
 * A process of a service that is gone, and that is to be followed by another one. Pure.
 *
 * @param pid 0 when it is not known
 */
record UnitGone(long pid, By by) {
  /** Who ended it, as far as the agent knows. */
  enum By {
    /** Not the agent: it ended by itself, or somebody ended it. */
    OTHERS,
    /** The agent, by a signal; systemd takes an end by TERM for one without an error. */
    SIGNAL,
    /** The agent, by a restart of the service that systemd did not come through with. */
    RESTART
  }

  /** One that the agent did not end. */
  static UnitGone byOthers(long pid) {
    return new UnitGone(pid, By.OTHERS);
  }

  /**
   * What is known of one.
   *
   * @param ended whether the agent has ended it by a signal
   * @param restarted the process for which the agent had systemd restart the service last
   * @param newest the process of the service that the agent watched last; null: none since it runs
   */
  static UnitGone of(
      @Nullable ProcessIdentity process,
      boolean ended,
      @Nullable ProcessIdentity restarted,
      @Nullable ProcessIdentity newest) {
    if (process == null) {
      return byOthers(0);
    }
    // Whatever befell its follower since then was not the agent.
    boolean followed = newest != null && !newest.equals(process);
    By by = process.equals(restarted) ? By.RESTART : ended ? By.SIGNAL : By.OTHERS;
    return new UnitGone(process.pid(), followed ? By.OTHERS : by);
  }

  /** Whether the last that befell the service is the end of this process, by the agent. */
  boolean ours(UnitTimes times) {
    boolean last = times.mainPid() == 0 || times.mainPid() == pid;
    return by != By.OTHERS && last && !times.begunAgain();
  }
}
