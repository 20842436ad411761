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
 * @param entered {@code ActiveEnterTimestamp}: when the service became active the last time
 * @param left {@code ActiveExitTimestamp}: when the service was active the last time
 * @param begun {@code InactiveExitTimestamp}: when systemd began the last time to start it
 * @param code {@code ExecMainCode}: 1 exited, 2 killed, 3 dumped core
 * @param status {@code ExecMainStatus}: of its exit, or the signal
 * @param restarts {@code NRestarts}: how often systemd started it by itself since somebody did
 * @param lifetime whether systemd itself ends it after {@code RuntimeMaxSec}
 * @param limited whether it is started only so often in a while, by {@code StartLimitBurst}
 * @param announces whether it may tell systemd that it stops, by {@code NotifyAccess}
 */
record UnitTimes(
    long mainPid,
    long started,
    long exited,
    long entered,
    long left,
    long begun,
    int code,
    int status,
    long restarts,
    boolean lifetime,
    boolean limited,
    boolean announces) {
  /** Nothing is known. */
  static final UnitTimes NONE = new UnitTimes(0, 0, 0, 0, 0, 0, 0, 0, 0, false, false, false);

  /** The properties to ask for. */
  static final String PROPERTIES =
      "ExecMainPID,ExecMainStartTimestampMonotonic,ExecMainExitTimestampMonotonic,"
          + "ActiveEnterTimestampMonotonic,ActiveExitTimestampMonotonic,"
          + "InactiveExitTimestampMonotonic,ExecMainCode,ExecMainStatus,NRestarts,RuntimeMaxUSec,"
          + "StartLimitBurst,StartLimitIntervalUSec,NotifyAccess";

  private static final int EXITED = 1;
  private static final int KILLED = 2;
  private static final int DUMPED = 3;
  private static final int TERM = 15;

  /** Of these a stop is systemd's own, because the service does not do well. */
  private static final Set<String> OWN = Set.of("watchdog", "oom-kill", "protocol", "resources");

  static UnitTimes of(Map<String, String> values) {
    return new UnitTimes(
        number(values, "ExecMainPID"),
        number(values, "ExecMainStartTimestampMonotonic"),
        number(values, "ExecMainExitTimestampMonotonic"),
        number(values, "ActiveEnterTimestampMonotonic"),
        number(values, "ActiveExitTimestampMonotonic"),
        number(values, "InactiveExitTimestampMonotonic"),
        (int) number(values, "ExecMainCode"),
        (int) number(values, "ExecMainStatus"),
        number(values, "NRestarts"),
        !values.getOrDefault("RuntimeMaxUSec", "infinity").equals("infinity"),
        number(values, "StartLimitBurst") > 0
            && !values.getOrDefault("StartLimitIntervalUSec", "0").equals("0"),
        !values.getOrDefault("NotifyAccess", "none").equals("none"));
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
   * <p>In two cases how it ended is all there is to go by. One that may tell systemd that it stops
   * ({@code STOPPING=1}) is on its way out before it ends, too, when it gives up by itself: it was
   * asked when it ended as one ends on TERM, or had to be killed. So a stop that it answers with
   * another error is taken for a loss, and an end without an error for a stop. One that never came
   * to be active left nothing: it was asked when it ended as one ends on TERM. So a TERM from
   * somebody else than systemd is taken for a stop there, and a stop during its start that it does
   * not heed for a loss.
   *
   * @param result {@code Result}
   */
  boolean asked(String result) {
    boolean late = result.equals("timeout");
    if (started == 0 || exited == 0 || OWN.contains(result) || (lifetime && late)) {
      return false;
    }
    if (entered < started && left < started) {
      return onTerm() && !late;
    }
    boolean stopping = started <= left && left < exited;
    return stopping && (!announces || onTerm() || late || (code == EXITED && status == 0));
  }

  /** Whether it ended as one does on TERM. */
  private boolean onTerm() {
    return (code == KILLED && status == TERM) || (code == EXITED && status == 128 + TERM);
  }

  /** Whether systemd has begun to start it again since that process ended. */
  boolean begunAgain() {
    return begun > exited;
  }

  /** As wait(2) gives it; empty when nothing is known. */
  OptionalInt waitStatus() {
    return switch (code) {
      case EXITED -> OptionalInt.of(status << 8);
      case KILLED -> OptionalInt.of(status);
      case DUMPED -> OptionalInt.of(status | 0x80);
      default -> OptionalInt.empty();
    };
  }
}
