package io.selfheal.message;

/** The journal's own state. */
public sealed interface JournalEvent extends Event {
  @Override
  default String subject() {
    return Subject.JOURNAL;
  }

  /**
   * Events are kept on local disk only, or samples were given up for room.
   *
   * @param reason why
   * @param spooledEvents events that wait for PostgreSQL
   * @param droppedSamples samples given up since the journal was last well
   */
  record Degraded(String reason, long spooledEvents, long droppedSamples) implements JournalEvent {
    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** All spooled events are in PostgreSQL. */
  record Recovered(long replayedEvents, long droppedSamples) implements JournalEvent {
    @Override
    public Severity severity() {
      return Severity.INFO;
    }
  }
}
