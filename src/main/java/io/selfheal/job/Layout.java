package io.selfheal.job;

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

  /** Whether any of its jobs can be rescued from outside; where none can, they are only told. */
  default boolean rescues() {
    return true;
  }

  /** What is done with its running jobs. */
  default Rule rule(Limits limits) {
    Policy policy = new Policy(limits);
    return (job, verdict, seenFor) -> policy.judge(job, verdict);
  }

  /**
   * Checks the catalog and makes the statements.
   *
   * @param reach which running jobs the look must return
   */
  Probed probe(Catalog catalog, Reach reach);

  /** Which running jobs a look returns. */
  sealed interface Reach {
    /** All: a holder may be dead however young the job is. */
    record All() implements Reach {}

    /** Nobody can say who holds them, so only old ones matter. */
    record OlderThan(Duration age) implements Reach {}
  }
}
