package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.message.WorkerRequests.Worker;
import java.util.List;

/** What a case reacts to. */
sealed interface Input {
  /** Time has passed, or the switch was turned. */
  record Ticked() implements Input {}

  /** Something happened to the subject. */
  record Seen(Event event) implements Input {}

  /** The incident is on disk as it stood at a revision. */
  record Saved(long revision) implements Input {}

  /** It could not be written. */
  record NotSaved(long revision, String problem) implements Input {}

  /** An act of a step ended. */
  record Acted(int step, Ending ending) implements Input {}

  /** The workers as they stand. */
  record WorkersSeen(List<Worker> workers) implements Input {}

  /** The workers could not be read. */
  record WorkersUnseen(String problem) implements Input {}

  /** What a sweep would do. */
  record JobsSeen(Swept swept) implements Input {}

  /** Nobody can say what a sweep would do. */
  record JobsUnseen(String problem) implements Input {}

  /** How the subject stands under its rule. */
  record SymptomRead(Standing standing) implements Input {}

  /** It could not be read. */
  record SymptomUnread(String problem) implements Input {}

  /** A person approves of what is asked, or does not. */
  record Decided(boolean approve, String reason) implements Input {}

  /** Another incident is its cause. */
  record Caused(String incidentId, String why) implements Input {}

  /** More is known of what it is about. */
  record Retold(String summary) implements Input {}

  /** An incident that is a consequence of it is over. */
  record ConsequenceOver(Incident one) implements Input {}

  /** PostgreSQL answers again. */
  record DatabaseBack() implements Input {}
}
