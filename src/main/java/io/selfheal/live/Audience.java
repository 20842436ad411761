package io.selfheal.live;

import io.selfheal.message.Recorded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** All clients, grouped by filter. Not safe for threads. */
final class Audience {
  private final Map<Filter, Group> groups = new HashMap<>();

  void add(Session session) {
    groups.computeIfAbsent(session.filter(), Group::new).members.add(session);
  }

  void remove(Session session) {
    Group group = groups.get(session.filter());
    if (group == null) {
      return;
    }
    group.members.remove(session);
    if (group.members.isEmpty()) {
      groups.remove(session.filter());
    }
  }

  /** Notes an event for the next flush; says whether anybody wants it. */
  boolean accept(Recorded event) {
    boolean wanted = false;
    for (Group group : groups.values()) {
      if (group.filter.matches(event)) {
        group.pending.add(event);
        wanted = true;
      }
    }
    return wanted;
  }

  /** Hands out what was noted; {@code to} is the newest offset received. */
  void flush(long to) {
    for (Group group : groups.values()) {
      if (group.pending.isEmpty()) {
        continue;
      }
      List<Chunk> chunks = Chunk.cut(group.pending);
      group.pending.clear();
      group.members.forEach(session -> session.offer(chunks, to));
    }
  }

  void each(Consumer<Session> action) {
    for (Group group : groups.values()) {
      group.members.forEach(action);
    }
  }

  private static final class Group {
    private final Filter filter;
    private final Set<Session> members = new LinkedHashSet<>();
    private final List<Recorded> pending = new ArrayList<>();

    private Group(Filter filter) {
      this.filter = filter;
    }
  }
}
