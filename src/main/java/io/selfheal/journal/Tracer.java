package io.selfheal.journal;

import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.JournalRequests.ReadTrace;
import io.selfheal.message.Recorded;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Finds what belongs to one incident or one job: here, and in the archive what any agent wrote.
 * Events are told apart, and put in order, by their ids: offsets of two agents say nothing.
 */
final class Tracer {
  private static final int MOST = 500;
  private static final long ARCHIVE_LIMIT_MS = 3_000;

  private final Disk disk;
  private final Tail tail;
  private final Writer writer;
  private final Archive archive;

  Tracer(Disk disk, Tail tail, Writer writer, Archive archive) {
    this.disk = disk;
    this.tail = tail;
    this.writer = writer;
    this.archive = archive;
  }

  private record Found(List<Recorded> events, boolean complete) {}

  Future<Events> trace(ReadTrace query) {
    int limit = Math.clamp(query.limit(), 1, MOST);
    Filter filter = Filter.of(query);
    SortedMap<String, Recorded> byId = new TreeMap<>();
    add(byId, tail.after(0).stream().filter(filter::matches).toList());
    return disk.run(spool -> spool.newest(filter, limit))
        .map(events -> new Found(events, true))
        .otherwise(unavailable -> new Found(List.of(), false))
        .compose(
            here -> {
              add(byId, here.events);
              return archived(filter, limit)
                  .map(
                      there -> {
                        add(byId, there.events);
                        return page(byId, limit, here.complete && there.complete);
                      });
            });
  }

  private Future<Found> archived(Filter filter, int limit) {
    return archive
        .trace(filter, limit)
        .timeout(ARCHIVE_LIMIT_MS, TimeUnit.MILLISECONDS)
        .map(events -> new Found(events, true))
        .otherwise(away -> new Found(List.of(), false));
  }

  private static void add(SortedMap<String, Recorded> byId, Collection<Recorded> events) {
    events.forEach(event -> byId.putIfAbsent(event.id(), event));
  }

  private Events page(SortedMap<String, Recorded> byId, int limit, boolean complete) {
    List<Recorded> all = List.copyOf(byId.values());
    List<Recorded> newest = all.subList(Math.max(0, all.size() - limit), all.size());
    Sequence sequence = writer.sequence();
    return new Events(
        sequence.epoch(), newest, sequence.newest(), complete, newest.size() == limit);
  }
}
