package io.selfheal.health;

import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.HealthRequests.Component;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The newest status of every part, by name. Pure. */
record Parts(Map<String, Component> byName) {
  /** Nobody has reported yet. */
  static Parts expecting(Set<String> required) {
    SortedMap<String, Component> parts = new TreeMap<>();
    for (String name : required) {
      parts.put(name, new Component(name, Status.UNKNOWN, "has not reported yet", null, true));
    }
    return new Parts(Collections.unmodifiableSortedMap(parts));
  }

  /** With one more report; the time stays while the status is the same. */
  Parts after(ComponentEvent.Changed report, Instant now) {
    Component before = byName.get(report.component());
    boolean required = before != null && before.required();
    Instant since = now;
    if (before != null && before.since() != null && before.status() == report.status()) {
      since = before.since();
    }
    SortedMap<String, Component> parts = new TreeMap<>(byName);
    parts.put(
        report.component(),
        new Component(report.component(), report.status(), report.detail(), since, required));
    return new Parts(Collections.unmodifiableSortedMap(parts));
  }

  Collection<Component> all() {
    return byName.values();
  }

  /** Whether the agent can do its work with this part as it is. */
  static boolean usable(Component part) {
    return switch (part.status()) {
      case HEALTHY, DEGRADED -> true;
      case ERROR, UNAVAILABLE, UNKNOWN -> false;
    };
  }
}
