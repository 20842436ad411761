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
 */
record SystemdUnit(String loaded, String active, String sub, String result, long mainPid) {
  /** The properties to ask for. */
  static final String PROPERTIES = "LoadState,ActiveState,SubState,Result,MainPID";

  /** What to do. */
  enum Step {
    /** Ask systemd to restart it. */
    RESTART,
    /** Look again soon: systemd is at it, or has not noticed yet. */
    WAIT,
    /** It runs. */
    RUNS,
    /** A person wants it stopped. */
    REFUSE,
    /** There is nothing to restart. */
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
        number(values.getOrDefault("MainPID", "")));
  }

  private static long number(String text) {
    return text.matches("\\d{1,10}") ? Long.parseLong(text) : 0;
  }

  /**
   * A unit whose process is gone and that should run.
   *
   * @param gone the pid of that process; 0 when it is not known
   */
  Advice advise(String unit, long gone) {
    if (loaded.equals("not-found") || loaded.equals("masked") || loaded.equals("bad-setting")) {
      return new Advice(Step.FAIL, unit + " is " + loaded + ": systemd cannot start it");
    }
    return switch (active) {
      case "failed" -> new Advice(Step.RESTART, unit + " has failed (" + result + ")");
      case "inactive" -> inactive(unit);
      case "activating", "reloading", "refreshing" ->
          new Advice(Step.WAIT, "systemd is starting " + unit + " (" + sub + ")");
      case "deactivating" -> new Advice(Step.WAIT, "systemd is stopping " + unit);
      case "maintenance" -> new Advice(Step.REFUSE, unit + " is in maintenance");
      case "active" -> active(unit, gone);
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

  private Advice inactive(String unit) {
    if (!result.isEmpty() && !result.equals("success")) {
      return new Advice(Step.RESTART, unit + " is inactive (" + result + ")");
    }
    return new Advice(
        Step.REFUSE,
        unit
            + " is inactive with result success: somebody stopped it, or it ended as it should;"
            + " systemctl start "
            + unit
            + " brings it back");
  }
}
