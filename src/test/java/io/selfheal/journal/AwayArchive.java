package io.selfheal.journal;

import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.Recorded;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A PostgreSQL that cannot be reached. */
final class AwayArchive implements Archive {
  @Override
  public Future<Void> write(List<Recorded> events) {
    return away();
  }

  @Override
  public Future<Void> save(Collection<Incident> incidents) {
    return away();
  }

  @Override
  public Future<List<Recorded>> after(long epoch, long offset, int most) {
    return away();
  }

  @Override
  public Future<List<Recorded>> before(long epoch, long offset, Filter filter, int most) {
    return away();
  }

  @Override
  public Future<List<Recorded>> trace(Filter filter, int most) {
    return away();
  }

  @Override
  public Future<Optional<Long>> oldest(long epoch) {
    return away();
  }

  @Override
  public Future<List<Incident>> list(ListIncidents query, int most) {
    return away();
  }

  @Override
  public Future<Optional<Incident>> find(String id) {
    return away();
  }

  @Override
  public Future<Void> maintain(Instant now) {
    return away();
  }

  private static <T> Future<T> away() {
    return Future.failedFuture(new IllegalStateException("away"));
  }
}
