package io.selfheal.worker;

import java.util.HashMap;
import java.util.Map;

/**
 * What systemd says of a service, and what follows. Pure.
 *
 * @param loaded {@code LoadState}
 * @param active {@code ActiveState}
 * @param sub {@code SubState}
 * @param result {@code Result}
 * @param mainPid {@code MainPID}; 0 when it has none
 * @param job whether it has a {@code Job} that is not done
 */
record SystemdUnit(
    String loaded,
    String active,
    String sub,
    String result,
    long mainPid,
    boolean job,
    UnitTimes times) {
  /** The properties to ask for. */
  static final String PROPERTIES =
      "LoadState,ActiveState,SubState,Result,MainPID,Job," + UnitTimes.PROPERTIES;

  /** Without what systemd keeps of the past. */
  SystemdUnit(String loaded, String active, String sub, String result, long mainPid) {
    this(loaded, active, sub, result, mainPid, false, UnitTimes.NONE);
  }

  /** What to do. */
  enum Step {
    /** Ask systemd to restart it. */
    RESTART,
    /** Look again soon: systemd is at it, or has not noticed yet. */
    WAIT,
    /** It runs. */
    RUNS,
    /** It was stopped on purpose, or ended as it should. */
    UNWANTED,
    /** Only a person can bring it back. */
    REFUSE,
    /** It does not run, and another try may help. */
    FAIL
  }

  /** What to do, and why in words for an operator. */
  record Advice(Step step, String reason) {}

  /** Reads {@code systemctl show}: lines of {@code Name=value}. */
  static SystemdUnit parse(String text) {
    Map<String, String> values = new HashMap<>();
    text.lines()
        .filter(line -> line.indexOf('=') > 0)
        .forEach(
            line ->
                values.put(
                    line.substring(0, line.indexOf('=')),
                    line.substring(line.indexOf('=') + 1).strip()));
    return new SystemdUnit(
        values.getOrDefault("LoadState", ""),
        values.getOrDefault("ActiveState", ""),
        values.getOrDefault("SubState", ""),
        values.getOrDefault("Result", ""),
        number(values.getOrDefault("MainPID", "")),
        number(values.getOrDefault("Job", "")) != 0,
        UnitTimes.of(values));
  }

  private static long number(String text) {
    return text.matches("\\d{1,10}") ? Long.parseLong(text) : 0;
  }

  /** Whether its newest main process ended because somebody had systemd stop it. */
  boolean asked() {
    // Whatever somebody has stopped is not started again by systemd itself.
    return times.asked(result) && !(startsItself() && !times.begunAgain());
  }

  /** Whether systemd is to start it again by itself. */
  boolean startsItself() {
    return sub.startsWith("auto-restart");
  }

  /**
   * Whether it does not run because that is wanted, or because it was done. What fails is {@code
   * failed}; {@code inactive} with the result of a failure is what was stopped while it waited for
   * its next start. What is to start, or was not let start, is not wanted down.
   */
  boolean wantedDown() {
    return !startIsDue()
        && !startRefused()
        && (active.equals("inactive") || (asked() && !times.begunAgain()));
  }

  /** Whether its start waits for that of another unit, as between the halves of a restart. */
  boolean startIsDue() {
    return job && isDown();
  }

  private boolean isDown() {
    return active.equals("failed") || active.equals("inactive");
  }

  /**
   * Whether systemd refused its last start, as it was started too often of late. After a process
   * that ended with an error it does not say so.
   */
  boolean startRefused() {
    return result.equals("start-limit-hit");
  }

  /**
   * The same, of a unit that has lost this process. Where the agent has ended it, {@code inactive}
   * is no sign of anybody's wish, and only a stop that systemd was at before that end is; but not
   * of one that on TERM tells systemd itself that it stops.
   */
  private boolean wantedDown(UnitGone gone) {
    if (!gone.ours(times)) {
      return wantedDown();
    }
    return gone.by() == UnitGone.By.SIGNAL && asked() && !times.announces();
  }

  /** A unit whose process is gone and that should run. */
  Advice advise(String unit, UnitGone gone) {
    if (!loaded.equals("loaded") && !loaded.isEmpty()) {
      return new Advice(Step.REFUSE, unit + " " + unloadable(unit));
    }
    return switch (active) {
      case "failed", "inactive" -> down(unit, gone);
      case "activating", "reloading", "refreshing" ->
          new Advice(Step.WAIT, "systemd is starting " + unit + " (" + sub + ")");
      case "deactivating" -> new Advice(Step.WAIT, "systemd is stopping " + unit);
      case "maintenance" -> new Advice(Step.REFUSE, unit + " is in maintenance");
      case "active" -> active(unit, gone.pid());
      default -> new Advice(Step.FAIL, "systemd does not say how " + unit + " is");
    };
  }

  private Advice active(String unit, long gone) {
    if (mainPid == 0) {
      return new Advice(Step.RESTART, unit + " is active without a main process (" + sub + ")");
    }
    if (mainPid == gone) {
      return new Advice(Step.WAIT, "systemd has not noticed the end of pid " + gone + " yet");
    }
    return new Advice(Step.RUNS, unit + " is active (" + sub + ") as pid " + mainPid);
  }

  private Advice down(String unit, UnitGone gone) {
    if (startIsDue()) {
      return new Advice(Step.WAIT, "systemd is to start " + unit + ", and waits for others");
    }
    if (wantedDown(gone)) {
      return new Advice(Step.UNWANTED, unwanted(unit));
    }
    String how =
        active.equals("failed")
            ? " has failed (" + result + ")"
            : " is " + active + ", as the agent has ended pid " + gone.pid();
    return new Advice(Step.RESTART, unit + how);
  }

  String unwanted(String unit) {
    boolean byHand = asked() || !(result.isEmpty() || result.equals("success"));
    String why =
        byHand ? " was stopped by somebody" : " was stopped, or ended by itself without an error";
    return unit + why + "; systemctl start " + unit + " brings it back";
  }

  String unloadable(String unit) {
    return switch (loaded) {
      case "masked" -> "is masked, so systemd may not start it; systemctl unmask " + unit;
      case "not-found" -> "is not known to systemd: its unit file is gone";
      case "bad-setting" -> "has a setting that systemd refuses; see systemctl status " + unit;
      default -> "cannot be loaded by systemd (" + loaded + "); see systemctl status " + unit;
    };
  }

  /**
   * What to add when a restart failed: systemd says the same of a process that failed and of one
   * that it did not even start.
   */
  String unstarted(SystemdUnit before, String unit) {
    return active.equals("failed") && times.limited() && times.begun() == before.times.begun()
        ? "; systemd did not even start it, as it was started too often of late (StartLimitBurst);"
            + " systemctl reset-failed "
            + unit
            + " lifts that"
        : "";
  }

  /** A unit that systemd has just restarted, and of which no process is found. */
  Advice afterRestart(String unit) {
    String see = "; see journalctl -u " + unit;
    return switch (active) {
      case "failed" ->
          new Advice(Step.FAIL, unit + " was restarted and failed at once (" + result + ")" + see);
      case "activating", "reloading", "refreshing" ->
          new Advice(Step.WAIT, unit + " was restarted and is still starting (" + sub + ")");
      default ->
          new Advice(
              Step.FAIL,
              "%s was restarted, and no process of it is found: it is %s (%s)%s"
                  .formatted(unit, active, sub, see));
    };
  }
}
