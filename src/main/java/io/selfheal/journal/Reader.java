package io.selfheal.journal;

import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.JournalRequests.FindIncident;
import io.selfheal.message.JournalRequests.FoundIncident;
import io.selfheal.message.JournalRequests.Incidents;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.Recorded;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the past: in memory, in the spool, and behind them in the archive. */
final class Reader {
  /** Events looked at for one page. */
  static final int SCAN = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);
  private static final int MOST = SCAN;
  private static final long ARCHIVE_LIMIT_MS = 3_000;

  private final Disk disk;
  private final Tail tail;
  private final Writer writer;
  private final Archive archive;

  Reader(Disk disk, Tail tail, Writer writer, Archive archive) {
    this.disk = disk;
    this.tail = tail;
    this.writer = writer;
    this.archive = archive;
  }

  private record Held(List<Recorded> events, long floor) {}

  Future<Events> events(ReadEvents query) {
    int limit = Math.clamp(query.limit(), 1, MOST);
    Filter filter = Filter.of(query);
    Sequence sequence = writer.sequence();
    if (query.epoch() == 0) {
      return newest(sequence, filter, limit);
    }
    if (query.epoch() == sequence.epoch()) {
      return replay(sequence, Math.max(0, query.after()), filter, limit);
    }
    // The log of that epoch is lost; all of the epoch that followed lies behind it.
    return replay(sequence, 0, filter, limit)
        .map(page -> new Events(page.epoch(), page.events(), page.last(), false, page.more()));
  }

  private Future<Events> replay(Sequence sequence, long after, Filter filter, int limit) {
    List<Recorded> recent = tail.after(after);
    return disk.run(spool -> new Held(spool.after(after, SCAN), spool.state().floor()))
        .otherwise(unavailable -> new Held(List.of(), sequence.newest()))
        .compose(
            held ->
                older(sequence.epoch(), after, held)
                    .map(older -> page(sequence, after, older, held, recent, filter, limit)));
  }

  private Future<List<Recorded>> older(long epoch, long after, Held held) {
    return after >= held.floor
        ? Future.succeededFuture(List.of())
        : fromArchive(archive.after(epoch, after, SCAN), "older events");
  }

  private static Events page(
      Sequence sequence,
      long after,
      List<Recorded> older,
      Held held,
      List<Recorded> recent,
      Filter filter,
      int limit) {
    List<Recorded> found = older;
    boolean exhausted = false;
    if (older.size() < SCAN) {
      found = Page.join(older, held.events);
      exhausted = held.events.size() < SCAN;
    }
    if (exhausted) {
      found = Page.join(found, recent);
    }
    return Page.replay(sequence.epoch(), after, found, exhausted, sequence.newest(), filter, limit);
  }

  private Future<Events> newest(Sequence sequence, Filter filter, int limit) {
    List<Recorded> recent = tail.after(0).stream().filter(filter::matches).toList();
    long firstRecent = tail.size() == 0 ? sequence.newest() + 1 : tail.first(1).getFirst().offset();
    return disk.run(spool -> new Held(spool.newest(filter, limit), spool.state().floor()))
        .otherwise(unavailable -> new Held(List.of(), firstRecent - 1))
        .compose(
            held -> {
              List<Recorded> found = Page.join(held.events.reversed(), recent);
              int missing = limit - found.size();
              return missing <= 0 || held.floor == 0
                  ? Future.succeededFuture(newest(sequence, found, limit, true))
                  : archive
                      .before(sequence.epoch(), held.floor + 1, filter, missing)
                      .timeout(ARCHIVE_LIMIT_MS, TimeUnit.MILLISECONDS)
                      .map(older -> Page.join(older.reversed(), found))
                      .map(all -> newest(sequence, all, limit, true))
                      .otherwise(away -> newest(sequence, found, limit, false));
            });
  }

  private static Events newest(
      Sequence sequence, List<Recorded> found, int limit, boolean complete) {
    List<Recorded> last = found.subList(Math.max(0, found.size() - limit), found.size());
    return new Events(sequence.epoch(), last, sequence.newest(), complete, false);
  }

  Future<Incidents> incidents(ListIncidents query) {
    int limit = Math.clamp(query.limit(), 1, MOST);
    return fromArchive(archive.list(query, limit), "older incidents")
        .compose(others -> disk.run(spool -> merge(spool.keepsakes(), query, others, limit)));
  }

  /** What is held here is newer than its copy in the archive. */
  private static Incidents merge(
      Keepsakes here, ListIncidents query, List<Incident> others, int limit) {
    List<Incident> all = new ArrayList<>(here.list(query, limit));
    others.stream().filter(other -> !here.holds(other.id())).forEach(all::add);
    all.sort(Comparator.comparing(Incident::id).reversed());
    List<Incident> page = List.copyOf(all.subList(0, Math.min(limit, all.size())));
    return new Incidents(page, page.size() == limit ? page.getLast().id() : null);
  }

  Future<FoundIncident> incident(FindIncident query) {
    return disk.run(spool -> spool.keepsakes().find(query.id()))
        .compose(
            here ->
                here.isPresent()
                    ? Future.succeededFuture(here)
                    : archive.find(query.id()).timeout(ARCHIVE_LIMIT_MS, TimeUnit.MILLISECONDS))
        .map(found -> new FoundIncident(found.orElse(null)));
  }

  private static <T> Future<List<T>> fromArchive(Future<List<T>> asked, String what) {
    return asked
        .timeout(ARCHIVE_LIMIT_MS, TimeUnit.MILLISECONDS)
        .recover(
            away -> {
              LOG.debug("PostgreSQL does not give {}", what, away);
              return Future.succeededFuture(List.of());
            });
  }
}
