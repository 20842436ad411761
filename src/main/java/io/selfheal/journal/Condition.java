package io.selfheal.journal;

import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.Event;
import io.selfheal.message.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the journal is, and what it last said of it.
 *
 * @param database why PostgreSQL cannot be written; null when it can
 * @param spool why the local disk cannot be written; null when it can
 * @param droppedSamples given up since the journal was last well
 * @param droppedFacts other events given up since then
 * @param replayed events that went to PostgreSQL since it was first found away
 * @param said what was wrong when it last spoke
 * @param saidDropped how many were given up when it last spoke
 * @param saidAt when it last spoke
 */
record Condition(
    @Nullable String database,
    @Nullable String spool,
    long droppedSamples,
    long droppedFacts,
    long replayed,
    Set<Problem> said,
    long saidDropped,
    Instant saidAt) {
  static final String COMPONENT = "journal";

  private static final Duration REPEAT = Duration.ofMinutes(1);

  /** All is well, and nothing was said yet. */
  static final Condition WELL = new Condition(null, null, 0, 0, 0, Set.of(), 0, Instant.EPOCH);

  /** What can be wrong. */
  enum Problem {
    DATABASE,
    SPOOL,
    DROPPED
  }

  /** The condition afterwards, and what to publish. */
  record Spoken(Condition condition, List<Event> events) {}

  Condition withDatabase(@Nullable String problem) {
    return new Condition(
        problem, spool, droppedSamples, droppedFacts, replayed, said, saidDropped, saidAt);
  }

  Condition withSpool(@Nullable String problem) {
    return new Condition(
        database, problem, droppedSamples, droppedFacts, replayed, said, saidDropped, saidAt);
  }

  Condition dropped(long samples, long facts) {
    return new Condition(
        database,
        spool,
        droppedSamples + samples,
        droppedFacts + facts,
        replayed,
        said,
        saidDropped,
        saidAt);
  }

  Condition replayed(long events) {
    long count = said.isEmpty() ? 0 : replayed + events;
    return new Condition(
        database, spool, droppedSamples, droppedFacts, count, said, saidDropped, saidAt);
  }

  /** Why it is not well; null when it is. */
  @Nullable String problem() {
    List<String> parts = new ArrayList<>();
    if (database != null) {
      parts.add("PostgreSQL cannot be written, so events wait in the spool: " + database);
    }
    if (spool != null) {
      parts.add("the spool cannot be written, so events are in memory only: " + spool);
    }
    if (droppedSamples + droppedFacts > 0) {
      parts.add(
          "for want of room %d samples and %d other events were given up"
              .formatted(droppedSamples, droppedFacts));
    }
    return parts.isEmpty() ? null : String.join("; ", parts);
  }

  /**
   * Says what has changed: a problem that was not there at once, more losses once a minute, and
   * that all is well when PostgreSQL has everything again.
   *
   * @param waiting events that PostgreSQL does not have
   * @param caughtUp whether PostgreSQL was just seen to have everything that the spool holds
   */
  Spoken speak(long waiting, boolean caughtUp, Instant now) {
    Set<Problem> problems = problems();
    if (!problems.isEmpty() && !problems.equals(said)) {
      return degraded(problems, waiting, now);
    }
    if (database == null && spool == null && caughtUp && !said.isEmpty()) {
      return recovered(now);
    }
    boolean more =
        droppedSamples + droppedFacts > saidDropped && !now.isBefore(saidAt.plus(REPEAT));
    return more ? degraded(problems, waiting, now) : new Spoken(this, List.of());
  }

  private Set<Problem> problems() {
    Set<Problem> problems = EnumSet.noneOf(Problem.class);
    if (database != null) {
      problems.add(Problem.DATABASE);
    }
    if (spool != null) {
      problems.add(Problem.SPOOL);
    }
    if (droppedSamples + droppedFacts > 0) {
      problems.add(Problem.DROPPED);
    }
    return problems;
  }

  private Spoken degraded(Set<Problem> problems, long waiting, Instant now) {
    Condition after =
        new Condition(
            database,
            spool,
            droppedSamples,
            droppedFacts,
            replayed,
            problems,
            droppedSamples + droppedFacts,
            now);
    String reason = String.valueOf(problem());
    return new Spoken(
        after,
        List.of(
            new JournalEvent.Degraded(reason, waiting, droppedSamples),
            new ComponentEvent.Changed(COMPONENT, Status.DEGRADED, reason)));
  }

  private Spoken recovered(Instant now) {
    String detail =
        droppedSamples + droppedFacts == 0
            ? "PostgreSQL has every event"
            : "PostgreSQL has every event but %d samples and %d others that were given up"
                .formatted(droppedSamples, droppedFacts);
    Condition well = new Condition(null, null, 0, 0, 0, Set.of(), 0, now);
    return new Spoken(
        well,
        List.of(
            new JournalEvent.Recovered(replayed, droppedSamples),
            new ComponentEvent.Changed(COMPONENT, Status.HEALTHY, detail)));
  }
}
