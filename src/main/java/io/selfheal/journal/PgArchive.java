package io.selfheal.journal;

import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.Recorded;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The archive in PostgreSQL. */
final class PgArchive implements Archive {
  private static final Logger LOG = LoggerFactory.getLogger(PgArchive.class);
  private static final int DAYS_AHEAD = 2;

  private final PgEvents events;
  private final PgIncidents incidents;
  private final Duration retain;

  PgArchive(Database database, String agent, Duration retain) {
    events = new PgEvents(database, agent);
    incidents = new PgIncidents(database);
    this.retain = retain;
  }

  @Override
  public Future<Void> write(List<Recorded> list) {
    return events.write(list);
  }

  @Override
  public Future<Void> save(Collection<Incident> list) {
    return incidents.save(list);
  }

  @Override
  public Future<List<Recorded>> after(long epoch, long offset, int most) {
    return events.after(epoch, offset, most);
  }

  @Override
  public Future<List<Recorded>> before(long epoch, long offset, Filter filter, int most) {
    return events.before(epoch, offset, filter, most);
  }

  @Override
  public Future<List<Recorded>> trace(Filter filter, int most) {
    return events.trace(filter, most);
  }

  @Override
  public Future<Optional<Long>> oldest(long epoch) {
    return events.oldest(epoch);
  }

  @Override
  public Future<List<Incident>> list(ListIncidents query, int most) {
    return incidents.list(query, most);
  }

  @Override
  public Future<Optional<Incident>> find(String id) {
    return incidents.find(id);
  }

  /** A day goes when its last moment is older than what is retained. */
  @Override
  public Future<Void> maintain(Instant now) {
    LocalDate today = PgEvents.day(now);
    Future<Void> ready = Future.succeededFuture();
    for (int ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
      LocalDate day = today.plusDays(ahead);
      ready = ready.compose(done -> events.ensure(day));
    }
    return ready
        .compose(done -> events.dropBefore(PgEvents.day(now.minus(retain))))
        .onSuccess(
            dropped -> {
              if (dropped > 0) {
                LOG.info("{} days of events older than {} were dropped", dropped, retain);
              }
            })
        .mapEmpty();
  }
}
