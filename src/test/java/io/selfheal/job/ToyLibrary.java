package io.selfheal.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job library, by the statements that its workers send: each does what the library's own does, in
 * our words. A job's id is the one that the agent knows it by; the attempt is what the library's
 * worker knows of its own claim. But for one thing: where a take moves a sign of life, too, that is
 * in whole seconds here, so that two takes may have the same, and the claim must tell them apart.
 */
interface ToyLibrary {
  /** What the completion of a holder that has lost its job can still reach. */
  enum Late {
    /** Its statement compares the attempt. */
    NOTHING,
    /** It compares that the job runs. */
    THE_NEXT_ATTEMPT,
    /** It compares the id alone. */
    THE_JOB
  }

  /** Where a job stands. */
  enum Fate {
    READY,
    RUNNING,
    COMPLETED,
    ASIDE
  }

  String name();

  /** Makes its tables, empty. */
  void make(Rig rig);

  /** Empties them again. */
  String empty();

  /** How the agent is told of it. */
  List<String> source();

  /** Adds one job that is ready, with {@code ?} attempts if the library limits them; answers id. */
  String add();

  /** Lets the holder {@code ?} take the next job; answers its id and the attempt. */
  String take();

  /** Makes the job {@code ?} one that was taken an hour ago, and not heard of since. */
  String age();

  /** A sign of life for the job {@code ?} in the attempt {@code ?}; null when there is none. */
  default @Nullable String beat() {
    return null;
  }

  /** Completes the job {@code ?} in the attempt {@code ?}; changes no row if it cannot. */
  String complete();

  Late late();

  /** What the library itself does with the orphan {@code ?}. */
  String own();

  /** Makes every job that waits for its time ready now. */
  default String due() {
    return "SELECT 1";
  }

  /** Id and {@link Fate} of every job that is there. */
  String fates();

  /** A row for each contradiction in its tables, in words. */
  default String broken() {
    return "SELECT 'none' WHERE false";
  }

  /** Whether a row names the process that holds the job. */
  default boolean namesHolder() {
    return true;
  }

  /** Whether a job that is completed is no longer there. */
  default boolean deletes() {
    return false;
  }

  /** Whether it has a place for jobs that are not tried again. */
  default boolean hasPlace() {
    return true;
  }
}
