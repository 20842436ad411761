package io.selfheal.heal;

import io.selfheal.message.Presence;
import io.selfheal.message.SymptomRequests.Standing;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The measurement of the symptom of a rule.
 *
 * @param looking it is being read
 * @param notBefore the mark before which it is not read again
 * @param standing the newest reading in this run of the agent; null when there is none
 */
record SymptomCheck(boolean looking, long notBefore, @Nullable Standing standing) {
  private static final Duration EVERY = Duration.ofMillis(500);

  static SymptomCheck fresh(Moment now) {
    return new SymptomCheck(false, now.mark(), null);
  }

  SymptomCheck looked() {
    return new SymptomCheck(true, notBefore, standing);
  }

  SymptomCheck read(@Nullable Standing next, Moment now) {
    return new SymptomCheck(false, now.in(EVERY), next);
  }

  /** It is read at once: it is said to have changed. */
  SymptomCheck hastened(Moment now) {
    return new SymptomCheck(looking, now.mark(), standing);
  }

  /** Whether the newest reading was made after a moment: an older one tells nothing of it. */
  boolean readSince(@Nullable Instant moment) {
    return standing != null
        && standing.at() != null
        && moment != null
        && standing.at().isAfter(moment);
  }

  /** Whether the newest reading was made after a moment, and does not say that it is gone. */
  boolean thereSince(Instant moment) {
    return readSince(moment)
        && standing != null
        && (standing.presence() == Presence.PRESENT || standing.presence() == Presence.BETWEEN);
  }

  /** Whether it has been gone for so long, without a break, or its subject is no more. */
  boolean gone(Duration clear) {
    if (standing == null || standing.at() == null || standing.seen()) {
      return false;
    }
    return standing.presence() == Presence.GONE
        || (standing.presence() == Presence.ABSENT && standing.gone().compareTo(clear) >= 0);
  }
}
