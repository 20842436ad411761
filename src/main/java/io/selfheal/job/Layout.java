package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where and how one source keeps its jobs, as configured. Pure. */
interface Layout {
  /** The table to look up in the catalog, and to name to people. */
  TableName table();

  /** Further tables that it needs; {@link Catalog#other} has what PostgreSQL says of them. */
  default List<TableName> others() {
    return List.of();
  }

  /**
   * The columns of the table that together are the id of a job, exactly as they are; a rescue finds
   * its rows by them. Empty where no row of the table is changed by its id.
   */
  default List<String> key() {
    return List.of();
  }

  /** Whether rows say who holds them. */
  boolean hasHolder();

  /** Whether jobs have heartbeats of their own. */
  boolean hasHeartbeat();

  /** Whether it has a place for dead letters. */
  boolean hasDeadLetters();

  /** How holders are written unless the configuration says. */
  default String holderFormat() {
    return "{host}:{pid}";
  }

  /** Whether that is how they are written for certain: by the library, or as its users are told. */
  default boolean holderFormatKnown() {
    return true;
  }

  /** Whether rows say since when they run, or when their job last gave a sign of life. */
  default boolean hasTimes() {
    return true;
  }

  /** Holders of so many characters or more may have been cut by the library; default: none. */
  default int holderCutAt() {
    return Integer.MAX_VALUE;
  }

  /** What to do where holders are cut, in words for an operator. */
  default String cutAdvice() {
    return "give the workers shorter names";
  }

  /** What to set so that holders have the form that is configured, in words for an operator. */
  default String holderAdvice() {
    return "set holder.format to the form that they have, with {host}, {pid} or {instance}, or let"
        + " the workers write it so";
  }

  /**
   * Whether the time at which a job was taken is written by the database's clock in the transaction
   * that takes it, so that its age is true whatever the clock of the worker says.
   */
  default boolean timesByDatabase() {
    return false;
  }

  /** The column that says when a job was taken; empty when the library has it its own way. */
  default Optional<String> taken() {
    return Optional.empty();
  }

  /**
   * Whether a worker that completes late compares more than the id, so that it cannot complete an
   * attempt that is not its own. Where it does not, only proof of death acts unless the operator
   * wants otherwise.
   */
  default boolean fenced() {
    return true;
  }

  /** Whether a rule of its library says what becomes of a rescued job, whatever max_attempts is. */
  default boolean hasOwnRule() {
    return false;
  }

  /** Whether any of its jobs can be rescued from outside; where none can, they are only told. */
  default boolean rescues() {
    return true;
  }

  /**
   * Where a job is when it was given up, and how a person brings it back, for {@link Afterwards};
   * empty when there is nothing to say.
   *
   * @param effect leave: its workers died on it, and it is left as it is
   */
  default String afterwards(Effect effect, String id) {
    return "";
  }

  /** What is done with its running jobs. */
  default Rule rule(Limits limits) {
    Policy policy = new Policy(limits);
    return (job, verdict, seenFor) -> policy.judge(job, verdict);
  }

  /**
   * What the table must allow, where that is a matter of the configuration and not of a library.
   *
   * @param catalog that was found to fit
   */
  default List<Change> changes(Catalog catalog) {
    return List.of();
  }

  /**
   * Checks the catalog and makes the statements.
   *
   * @param reach which running jobs the look must return
   */
  Probed probe(Catalog catalog, Reach reach);

  /** Which running jobs a look returns. */
  sealed interface Reach {
    /** All: a holder may be dead however young the job is, and an old row be of a young job. */
    record All() implements Reach {}

    /** Nobody can say who holds them, and their times are believed, so only old ones matter. */
    record OlderThan(Duration age) implements Reach {}
  }
}
