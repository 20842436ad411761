package io.selfheal.heal;

import java.time.Duration;

/**
 * How far one step has got in this run of the agent.
 *
 * @param running its act is under way
 * @param begun its act was asked for at least once
 * @param tries how often it was put off
 * @param notBefore the mark before which it is not tried
 * @param intent the revision of the incident that carries its intent
 */
record Effort(boolean running, boolean begun, int tries, long notBefore, long intent) {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration SHORTLY = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(5);

  /** A step that was not touched yet in this run. */
  static Effort fresh(Moment now) {
    return new Effort(false, false, 0, now.mark(), 0);
  }

  Effort intended(long revision) {
    return new Effort(false, begun, tries, notBefore, revision);
  }

  Effort started() {
    return new Effort(true, true, tries, notBefore, intent);
  }

  Effort putOff(Moment now) {
    return putOff(now, pause(tries));
  }

  /** The same, by at most a second. */
  Effort putOffShortly(Moment now) {
    return putOff(now, RestartLimit.doubled(FIRST, tries, SHORTLY));
  }

  private Effort putOff(Moment now, Duration pause) {
    return new Effort(false, begun, tries + 1, now.in(pause), intent);
  }

  Effort hastened(Moment now) {
    return new Effort(running, begun, tries, now.mark(), intent);
  }

  /** The pause before the try that follows {@code tries}: 500 ms, doubling to 5 s. */
  static Duration pause(int tries) {
    return RestartLimit.doubled(FIRST, tries, MOST);
  }
}
