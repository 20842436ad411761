package io.selfheal.journal;

import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.Recorded;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Where events and incidents rest, shared by all agents. Every call may fail at any time. */
interface Archive {
  /** Writes events; those that are there already stay as they are. */
  Future<Void> write(List<Recorded> events);

  /** Writes incidents as they are now. */
  Future<Void> save(Collection<Incident> incidents);

  /** This agent's events of an epoch behind an offset, oldest first. */
  Future<List<Recorded>> after(long epoch, long offset, int most);

  /** This agent's events of an epoch before an offset that a reader wants, newest first. */
  Future<List<Recorded>> before(long epoch, long offset, Filter filter, int most);

  /** Events of an incident or a job, of all agents and epochs, newest first. */
  Future<List<Recorded>> trace(Filter filter, int most);

  /** The oldest offset of an epoch; empty when there is none. */
  Future<Optional<Long>> oldest(long epoch);

  /** Incidents of all agents with a smaller id, newest first. */
  Future<List<Incident>> list(ListIncidents query, int most);

  /** One incident of any agent. */
  Future<Optional<Incident>> find(String id);

  /** Makes room ahead for the next days, and drops days that are over. */
  Future<Void> maintain(Instant now);
}
