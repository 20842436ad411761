package io.selfheal.worker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many processes more, or less, than configured a worker has, for which incidents. Pure. Kept
 * by incident, so that each takes back its own part, in any order, and once.
 */
record Grants(Map<String, Integer> byIncident) {
  static final Grants NONE = new Grants(Map.of());

  /** Keeps the order. */
  Grants {
    byIncident = new LinkedHashMap<>(byIncident);
  }

  /** Lines of an incident and its number; a line of another form is not counted. */
  static Grants parse(String text) {
    Map<String, Integer> grants = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      List<String> parts = List.of(line.split("\t", -1));
      if (parts.size() == 2 && parts.get(1).matches("-?\\d{1,4}")) {
        grants.put(parts.get(0), Integer.parseInt(parts.get(1)));
      }
    }
    return new Grants(grants);
  }

  String text() {
    return byIncident.entrySet().stream()
        .map(one -> one.getKey() + "\t" + one.getValue())
        .collect(Collectors.joining("\n"));
  }

  /** How many there are to be; at least none. */
  int wanted(int configured) {
    return Math.max(0, configured + byIncident.values().stream().mapToInt(Integer::intValue).sum());
  }

  /** With a change for an incident, as far as the bounds let it. */
  Grants change(String incident, int configured, int by, int least, int most) {
    int now = wanted(configured);
    int bounded = by > 0 ? Math.min(now + by, most) : Math.max(now + by, least);
    // What is beyond a bound already is not driven back by it.
    int change = by > 0 ? Math.max(0, bounded - now) : Math.min(0, bounded - now);
    Map<String, Integer> next = new LinkedHashMap<>(byIncident);
    if (change != 0) {
      next.merge(incident, change, Integer::sum);
    }
    return new Grants(next);
  }

  Grants without(String incident) {
    Map<String, Integer> next = new LinkedHashMap<>(byIncident);
    next.remove(incident);
    return new Grants(next);
  }

  boolean has(String incident) {
    return byIncident.containsKey(incident);
  }
}
