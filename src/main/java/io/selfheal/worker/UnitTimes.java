package io.selfheal.worker;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What systemd keeps of the newest main process of a service and of the service's last changes.
 * Pure. Times are in microseconds of systemd's monotonic clock; 0 when it has none.
 *
 * @param mainPid {@code ExecMainPID}: it may have ended; 0 when there was none
 * @param started {@code ExecMainStartTimestamp}
 * @param exited {@code ExecMainExitTimestamp}; 0 while it runs
 * @param left {@code ActiveExitTimestamp}: when the service was active the last time
 * @param begun {@code InactiveExitTimestamp}: when systemd began the last time to start it
 * @param code {@code ExecMainCode}: 1 exited, 2 killed, 3 dumped core
 * @param status {@code ExecMainStatus}: of its exit, or the signal
 * @param restarts {@code NRestarts}: how often systemd started it by itself since somebody did
 * @param lifetime whether systemd itself ends it after {@code RuntimeMaxSec}
 * @param limited whether it is started only so often in a while, by {@code StartLimitBurst}
 */
record UnitTimes(
    long mainPid,
    long started,
    long exited,
    long left,
    long begun,
    int code,
    int status,
    long restarts,
    boolean lifetime,
    boolean limited) {
  /** Nothing is known. */
  static final UnitTimes NONE = new UnitTimes(0, 0, 0, 0, 0, 0, 0, 0, false, false);

  /** The properties to ask for. */
  static final String PROPERTIES =
      "ExecMainPID,ExecMainStartTimestampMonotonic,ExecMainExitTimestampMonotonic,"
          + "ActiveExitTimestampMonotonic,InactiveExitTimestampMonotonic,ExecMainCode,"
          + "ExecMainStatus,NRestarts,RuntimeMaxUSec,StartLimitBurst,StartLimitIntervalUSec";

  /** Of these a stop is systemd's own, because the service does not do well. */
  private static final Set<String> OWN = Set.of("watchdog", "oom-kill", "protocol", "resources");

  static UnitTimes of(Map<String, String> values) {
    return new UnitTimes(
        number(values, "ExecMainPID"),
        number(values, "ExecMainStartTimestampMonotonic"),
        number(values, "ExecMainExitTimestampMonotonic"),
        number(values, "ActiveExitTimestampMonotonic"),
        number(values, "InactiveExitTimestampMonotonic"),
        (int) number(values, "ExecMainCode"),
        (int) number(values, "ExecMainStatus"),
        number(values, "NRestarts"),
        !values.getOrDefault("RuntimeMaxUSec", "infinity").equals("infinity"),
        number(values, "StartLimitBurst") > 0
            && !values.getOrDefault("StartLimitIntervalUSec", "0").equals("0"));
  }

  private static long number(Map<String, String> values, String name) {
    String text = values.getOrDefault(name, "");
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /**
   * Whether somebody had asked for the end of the main process, by a stop or a restart of the
   * service: it then was on its way out before the process ended. Of one that ends by itself the
   * end is first. How it then ended says nothing: a Java program ends with 143 on TERM, which
   * systemd calls a failure, and one that does not heed TERM is killed.
   *
   * @param result {@code Result}
   */
  boolean asked(String result) {
    boolean stopping = started > 0 && started <= left && left < exited;
    boolean ownStop = OWN.contains(result) || (lifetime && result.equals("timeout"));
    return stopping && !ownStop;
  }

  /** Whether systemd has begun to start it again since that process ended. */
  boolean begunAgain() {
    return begun > exited;
  }

  /** As wait(2) gives it; empty when nothing is known. */
  OptionalInt waitStatus() {
    return switch (code) {
      case 1 -> OptionalInt.of(status << 8);
      case 2 -> OptionalInt.of(status);
      case 3 -> OptionalInt.of(status | 0x80);
      default -> OptionalInt.empty();
    };
  }
}
