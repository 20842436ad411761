package io.selfheal.message;

import java.util.Optional;

/** An immutable fact. Each concern has a sealed sub-interface with its records nested. */
public sealed interface Event
    permits AgentEvent,
        BreakerEvent,
        BudgetEvent,
        ComponentEvent,
        ConfigEvent,
        DeadLetterEvent,
        ErrorEvent,
        HealingEvent,
        HostEvent,
        IncidentEvent,
        JobEvent,
        JournalEvent,
        LimitEvent,
        SweepEvent,
        SymptomEvent,
        WorkerEvent {

  /** What it is about; see {@link Subject}. */
  String subject();

  /** How much it matters to a person. */
  Severity severity();

  /** The incident that it belongs to, if it does. */
  default Optional<String> incident() {
    return Optional.empty();
  }

  /**
   * Whether it is one reading of many. Readers that fall behind keep only the newest of a subject,
   * and a full spool gives them up first.
   */
  default boolean sample() {
    return false;
  }

  /** The dotted name in the outside world, for example {@code worker.lost}. */
  default String type() {
    return EventType.of(getClass());
  }
}
