package io.selfheal.symptom;

import io.selfheal.message.DatabaseRequests.Examination;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Reading;
import io.selfheal.symptom.DatabaseSick.Bounds;
import io.selfheal.symptom.DatabaseSick.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one look at a database means. Pure. */
record DatabaseHealth(Limits limits) {
  /** The reading of a look. */
  Reading of(Examination seen) {
    String subject = Subject.service(seen.name());
    String problem = seen.problem();
    if (problem != null) {
      return new Reading(subject, Presence.PRESENT, "it gives no connection: " + problem);
    }
    List<String> over = over(seen, limits.enter());
    if (seen.calls() - seen.poolMax() >= limits.waiting()) {
      over.add(
          "%d calls wait for one of the %d connections of the agent's pool"
              .formatted(seen.calls() - seen.poolMax(), seen.poolMax()));
    }
    if (limits.needsTimeout() && Duration.ZERO.equals(seen.statementTimeout())) {
      over.add(
          "its sessions have no statement_timeout; run: ALTER DATABASE … SET"
              + " statement_timeout = '60s'");
    }
    if (!over.isEmpty()) {
      return new Reading(subject, Presence.PRESENT, String.join("; ", over), values(seen));
    }
    boolean well = over(seen, limits.leave()).isEmpty() && seen.calls() <= seen.poolMax();
    return new Reading(
        subject, well ? Presence.ABSENT : Presence.BETWEEN, words(seen), values(seen));
  }

  private static List<String> over(Examination seen, Bounds bounds) {
    List<String> over = new ArrayList<>();
    Duration latency = seen.latency();
    if (latency != null && latency.compareTo(bounds.latency()) >= 0) {
      over.add("a trivial query took " + latency.toMillis() + " ms");
    }
    if (share(seen) >= bounds.connections()) {
      over.add(
          "%d of %d connections are taken".formatted(seen.connections(), seen.connectionsMost()));
    }
    Duration lag = seen.replicationLag();
    if (lag != null && bounds.lag().filter(most -> lag.compareTo(most) >= 0).isPresent()) {
      over.add(
          seen.cutOff()
              ? "replication is cut off; it has heard of no transaction for " + Spoken.of(lag)
              : "replication is behind by " + Spoken.of(lag));
    }
    return over;
  }

  private static double share(Examination seen) {
    return seen.connectionsMost() <= 0 ? 0 : seen.connections() / (double) seen.connectionsMost();
  }

  private static String words(Examination seen) {
    Duration latency = seen.latency();
    return "%s, %d of %d connections are taken"
        .formatted(
            latency == null ? "it answers" : "a trivial query took " + latency.toMillis() + " ms",
            seen.connections(),
            seen.connectionsMost());
  }

  private static Map<String, Double> values(Examination seen) {
    Map<String, Double> values = new HashMap<>();
    Duration latency = seen.latency();
    if (latency != null) {
      values.put("latency_seconds", latency.toNanos() / 1e9);
    }
    values.put("connections_share", share(seen));
    values.put("waiting_calls", (double) Math.max(0, seen.calls() - seen.poolMax()));
    Duration lag = seen.replicationLag();
    if (lag != null) {
      values.put("replication_lag_seconds", lag.toMillis() / 1000.0);
    }
    return values;
  }
}
