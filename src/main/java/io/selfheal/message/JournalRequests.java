package io.selfheal.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Journal answers. */
public final class JournalRequests {
  /** Writes an incident to disk; the reply comes after fsync. */
  public static final Request<SaveIncident, Saved> SAVE_INCIDENT =
      new Request<>("journal.incident.save", SaveIncident.class, Saved.class);

  /** Incidents, newest first. */
  public static final Request<ListIncidents, Incidents> INCIDENTS =
      new Request<>("journal.incidents", ListIncidents.class, Incidents.class);

  /** One incident. */
  public static final Request<FindIncident, FoundIncident> INCIDENT =
      new Request<>("journal.incident", FindIncident.class, FoundIncident.class);

  /** A small fact to be kept over restarts, on disk when the reply comes. */
  public static final Request<Remember, Saved> REMEMBER =
      new Request<>("journal.remember", Remember.class, Saved.class);

  /** What was remembered. */
  public static final Request<Recall, Recalled> RECALL =
      new Request<>("journal.recall", Recall.class, Recalled.class);

  /** Events of the past. */
  public static final Request<ReadEvents, Events> EVENTS =
      new Request<>("journal.events", ReadEvents.class, Events.class);

  /** Events of the past that belong together, whichever agent wrote them. */
  public static final Request<ReadTrace, Events> TRACE =
      new Request<>("journal.trace", ReadTrace.class, Events.class);

  /** Where the journal stands. */
  public static final Request<ReadStatus, Status> STATUS =
      new Request<>("journal.status", ReadStatus.class, Status.class);

  private JournalRequests() {}

  /** Asks to write an incident. */
  public record SaveIncident(Incident incident) {}

  /** It is on disk. */
  public record Saved() {}

  /**
   * Asks for incidents.
   *
   * @param openOnly only those that are not over
   * @param before only those with a smaller id (ids are ordered by time); null: from the newest
   * @param since only those that are not over, or were over then or later; null: all
   */
  public record ListIncidents(
      boolean openOnly, @Nullable String before, int limit, @Nullable Instant since) {
    /** Whenever they were over. */
    public ListIncidents(boolean openOnly, @Nullable String before, int limit) {
      this(openOnly, before, limit, null);
    }
  }

  /** Incidents, newest first; {@code next} is the {@code before} of the page after, or null. */
  public record Incidents(List<Incident> incidents, @Nullable String next) {}

  /** Asks for one incident. */
  public record FindIncident(String id) {}

  /** The incident, or null. */
  public record FoundIncident(@Nullable Incident incident) {}

  /** Asks to keep a small fact; {@code value} null: forget it. */
  public record Remember(String key, @Nullable String value) {}

  /** Asks for a fact. */
  public record Recall(String key) {}

  /** The fact, or null. */
  public record Recalled(@Nullable String value) {}

  /**
   * Asks for events.
   *
   * @param epoch with {@code after}: events behind this place; 0: the newest {@code limit} events
   * @param types patterns such as {@code breaker.*}; empty: all
   * @param subject null: all
   * @param limit 1 to 1,000
   */
  public record ReadEvents(
      long epoch, long after, List<String> types, @Nullable String subject, int limit) {}

  /**
   * Asks for the newest events of an incident or of a job: of every agent that shares the database,
   * and of every epoch.
   *
   * @param incident only of this one; null: of {@code subject} alone
   * @param subject only of this one, a job; null: of the incident alone
   * @param ending of all jobs whose subjects begin with {@code subject} and end with this; null: of
   *     that one alone
   * @param types as of {@link ReadEvents}
   * @param limit 1 to 500
   */
  public record ReadTrace(
      @Nullable String incident,
      @Nullable String subject,
      @Nullable String ending,
      List<String> types,
      int limit) {
    /** Of an incident, or of one job. */
    public ReadTrace(
        @Nullable String incident, @Nullable String subject, List<String> types, int limit) {
      this(incident, subject, null, types, limit);
    }
  }

  /**
   * Events, oldest first.
   *
   * @param complete false: some between {@code after} and the first are no longer held
   * @param last the offset up to which was read: the {@code after} of the page behind
   * @param more whether there are events behind {@code last}
   */
  public record Events(
      long epoch, List<Recorded> events, long last, boolean complete, boolean more) {}

  /** Asks where the journal stands. */
  public record ReadStatus() {}

  /**
   * Where the journal stands.
   *
   * @param newest the newest offset; 0 before the first event
   * @param oldest the oldest offset that can still be read; 0 when there is none
   * @param spooled events that wait for PostgreSQL
   */
  public record Status(
      long epoch,
      long newest,
      long oldest,
      long spooled,
      long droppedSamples,
      long spoolBytes,
      @Nullable String problem) {}
}
