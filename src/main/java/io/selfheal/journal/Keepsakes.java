package io.selfheal.journal;

import io.selfheal.journal.Batch.Save;
import io.selfheal.json.Json;
import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests.ListIncidents;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Incidents and facts in the spool. Every open incident is kept, and the newest that are over; an
 * incident stays until PostgreSQL has it.
 */
final class Keepsakes {
  /** How many incidents are kept that are over. */
  static final int KEPT_OVER = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(Keepsakes.class);

  private final MVMap<String, byte[]> incidents;
  private final MVMap<String, Long> open;
  private final MVMap<String, Long> unsent;
  private final MVMap<String, String> facts;

  Keepsakes(MVStore store) {
    incidents = open(store, "incidents", ByteArrayDataType.INSTANCE);
    open = open(store, "incidents.open", LongDataType.INSTANCE);
    unsent = open(store, "incidents.unsent", LongDataType.INSTANCE);
    facts = open(store, "facts", StringDataType.INSTANCE);
    incidents.values().forEach(json -> {});
  }

  private static <V> MVMap<String, V> open(MVStore store, String name, DataType<V> type) {
    return store.openMap(
        name, new MVMap.Builder<String, V>().keyType(StringDataType.INSTANCE).valueType(type));
  }

  void save(Save save) {
    switch (save) {
      case Save.OneIncident(Incident incident) -> save(incident);
      case Save.Sent sent -> forgetSent(sent.revisions());
      case Save.Fact(String key, String value) -> {
        if (value == null) {
          facts.remove(key);
        } else {
          facts.put(key, value);
        }
      }
    }
  }

  private void save(Incident incident) {
    String id = incident.id();
    incidents.put(id, Json.bytes(incident));
    Long revision = unsent.get(id);
    unsent.put(id, revision == null ? 1 : revision + 1);
    if (!incident.state().over()) {
      open.put(id, 1L);
      return;
    }
    open.remove(id);
    prune();
  }

  private void prune() {
    long surplus = incidents.sizeAsLong() - open.sizeAsLong() - KEPT_OVER;
    Cursor<String, byte[]> oldest = incidents.cursor(null);
    List<String> pruned = new ArrayList<>();
    while (pruned.size() < surplus && oldest.hasNext()) {
      String id = oldest.next();
      if (!open.containsKey(id) && !unsent.containsKey(id)) {
        pruned.add(id);
      }
    }
    pruned.forEach(incidents::remove);
  }

  private void forgetSent(Map<String, Long> revisions) {
    revisions.forEach((id, revision) -> unsent.remove(id, revision));
  }

  /** How many incidents PostgreSQL does not have as they are. */
  long unsent() {
    return unsent.sizeAsLong();
  }

  /** Some of those, with the revision of each. */
  Map<Incident, Long> toSend(int most) {
    Map<Incident, Long> found = new LinkedHashMap<>();
    Cursor<String, Long> cursor = unsent.cursor(null);
    while (found.size() < most && cursor.hasNext()) {
      String id = cursor.next();
      long revision = cursor.getValue();
      find(id).ifPresent(incident -> found.put(incident, revision));
    }
    return found;
  }

  /** Whether an incident is held here. */
  boolean holds(String id) {
    return incidents.containsKey(id);
  }

  Optional<Incident> find(String id) {
    return Optional.ofNullable(incidents.get(id)).flatMap(json -> read(id, json));
  }

  /** Incidents with a smaller id, newest first. */
  List<Incident> list(ListIncidents query, int most) {
    @Nullable String before = query.before();
    MVMap<String, ?> index = query.openOnly() ? open : incidents;
    List<Incident> found = new ArrayList<>();
    String key = before == null ? index.lastKey() : index.lowerKey(before);
    while (key != null && found.size() < most) {
      find(key).filter(one -> late(one, query.since())).ifPresent(found::add);
      key = index.lowerKey(key);
    }
    return found;
  }

  private static boolean late(Incident one, @Nullable Instant since) {
    Instant closed = one.closedAt();
    return since == null || !one.state().over() || closed == null || !closed.isBefore(since);
  }

  Optional<String> recall(String key) {
    return Optional.ofNullable(facts.get(key));
  }

  private static Optional<Incident> read(String id, byte[] json) {
    try {
      return Optional.of(Json.read(json, Incident.class));
    } catch (IOException unreadable) {
      LOG.error("Incident {} in the spool cannot be read; it is left out", id, unreadable);
      return Optional.empty();
    }
  }
}
