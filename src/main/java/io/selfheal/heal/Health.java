package io.selfheal.heal;

import io.selfheal.message.ComponentEvent.Changed;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.HealRequests.Switch;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the healer itself is. */
final class Health {
  private static final String COMPONENT = "healing";

  private Health() {}

  /**
   * @param unread why the journal cannot be read; null when it was, or is being read
   */
  static Changed of(Collection<Case> cases, Switch pause, @Nullable String unread) {
    if (unread != null) {
      return degraded("No remedy starts: the journal cannot be read: " + unread);
    }
    return cases.stream()
        .map(one -> one.disk().problem())
        .filter(Objects::nonNull)
        .findFirst()
        .map(problem -> degraded("No remedy starts: an incident cannot be written: " + problem))
        .orElseGet(() -> pause.paused() ? degraded("Paused: " + pause.reason()) : well());
  }

  private static Changed degraded(String why) {
    return new Changed(COMPONENT, Status.DEGRADED, why);
  }

  private static Changed well() {
    return new Changed(COMPONENT, Status.HEALTHY, "Remedies may start");
  }
}
