package io.selfheal.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What JobSweeper answers. */
public final class JobRequests {
  /** All sources as they stand. */
  public static final Request<ListSources, Sources> SOURCES =
      new Request<>("job.sources", ListSources.class, Sources.class);

  /** Running jobs past what they are allowed, or with a holder that is dead or seems so. */
  public static final Request<ListStuck, Stuck> STUCK =
      new Request<>("job.stuck", ListStuck.class, Stuck.class);

  /** One running job, stuck or not. */
  public static final Request<FindJob, FoundJob> FIND =
      new Request<>("job.find", FindJob.class, FoundJob.class);

  /** A sweep now. */
  public static final Request<Sweep, Swept> SWEEP =
      new Request<>("job.sweep", Sweep.class, Swept.class);

  /** One stuck job is not to be tried again. */
  public static final Request<PutAside, Aside> PUT_ASIDE =
      new Request<>("job.put_aside", PutAside.class, Aside.class);

  private JobRequests() {}

  /** Asks for all sources. */
  public record ListSources() {}

  /** All sources. */
  public record Sources(List<Source> sources) {}

  /**
   * One source.
   *
   * @param counts jobs by state as the table has it; null before the first count or when counting
   *     failed
   * @param oldestRunning age of the oldest running job; null when none runs or nothing is known
   * @param backlog the jobs that a worker could take now; null before the first count, when
   *     counting failed, or when nothing in the table tells them from others
   * @param lastSweep when the last sweep ended; null before the first
   * @param advice an index that would make sweeps cheaper, as SQL: a statement a line, none in a
   *     transaction with others; null when none is needed
   * @param problem why it is not swept; null when all is well
   * @param held why rescues without proof, or above the cap, wait for now; null when none would
   * @param unproven that holders of running jobs do not have the form that is configured, so that
   *     their death can never be proven, with an example and what to set; or, before one was seen,
   *     that those of this host's processes may be longer than the library keeps; null otherwise
   * @param lacking what is missing so that jobs that kill their workers can be put aside, and how
   *     to mend it; null when nothing is, or when its library has no place for such jobs
   * @param onlyLookedAt whether its stuck jobs are told and never rescued: its library has no way
   */
  public record Source(
      String name,
      String preset,
      String table,
      @Nullable Map<String, Long> counts,
      @Nullable Duration oldestRunning,
      @Nullable Backlog backlog,
      @Nullable Instant lastSweep,
      @Nullable Duration lastSweepTook,
      long rescued,
      @Nullable String advice,
      @Nullable String problem,
      @Nullable String held,
      @Nullable String unproven,
      @Nullable String lacking,
      boolean onlyLookedAt) {
    /** One of which no holder of another form was seen, and where nothing is missing. */
    public Source(
        String name,
        String preset,
        String table,
        @Nullable Map<String, Long> counts,
        @Nullable Duration oldestRunning,
        @Nullable Backlog backlog,
        @Nullable Instant lastSweep,
        @Nullable Duration lastSweepTook,
        long rescued,
        @Nullable String advice,
        @Nullable String problem,
        @Nullable String held,
        boolean onlyLookedAt) {
      this(
          name,
          preset,
          table,
          counts,
          oldestRunning,
          backlog,
          lastSweep,
          lastSweepTook,
          rescued,
          advice,
          problem,
          held,
          null,
          null,
          onlyLookedAt);
    }
  }

  /**
   * Jobs that a worker could take now.
   *
   * @param oldestWait how long the oldest of them waits, by the database clock; null when there is
   *     none or the rows do not say
   * @param countedAt when they were counted
   */
  public record Backlog(long ready, @Nullable Duration oldestWait, Instant countedAt) {}

  /** Asks for stuck jobs; {@code source} null: of all sources. */
  public record ListStuck(@Nullable String source, int limit) {}

  /**
   * Stuck jobs, or why a source could not be read.
   *
   * @param sources how many sources were asked
   */
  public record Stuck(int sources, List<StuckJob> jobs, Map<String, String> problems) {}

  /** Asks for one job of a source, by its whole id. */
  public record FindJob(String source, String jobId) {}

  /**
   * How it is now.
   *
   * @param job null: no running row with this id was found: it is over, waits, or was never there
   * @param stuck whether it is past what it is allowed, or its holder is dead or seems so
   * @param problem why the source could not be read; null when it was
   */
  public record FoundJob(@Nullable StuckJob job, boolean stuck, @Nullable String problem) {}

  /**
   * Asks for a sweep.
   *
   * @param source null: all sources
   * @param worker only sources whose holders are this worker, or that do not say; null: all
   * @param dryRun say what would be done, change nothing
   * @param incidentId the incident that it belongs to; null for an operator's
   */
  public record Sweep(
      @Nullable String source,
      @Nullable String worker,
      boolean dryRun,
      @Nullable String incidentId) {}

  /**
   * Asks to put one stuck job aside: into its library's place for such jobs, and on the list of
   * dead letters.
   *
   * @param reason why, in words for an operator
   * @param dryRun say what would be done, change nothing
   * @param incidentId the incident that it belongs to; null for an operator's
   */
  public record PutAside(
      String source, String jobId, String reason, boolean dryRun, @Nullable String incidentId) {}

  /** How it went. */
  public record Aside(Outcome outcome, String detail) {}

  /**
   * What a sweep did or would do.
   *
   * @param sources how many sources it was about; 0 when none is configured, or none that the
   *     worker it is for takes jobs from
   * @param rescued jobs that were changed, or would be
   * @param jobs the stuck jobs with what was done; at most 1,000, of which at most 100 a source
   *     were left as they are
   * @param more jobs that were changed, or would be, and are not among {@code jobs}
   * @param problems source → why it was not, or not wholly, swept
   * @param unswept for each source that has a problem, what kind of problem it is
   */
  public record Swept(
      boolean dryRun,
      int sources,
      long looked,
      long rescued,
      List<StuckJob> jobs,
      long more,
      Map<String, String> problems,
      Map<String, Unswept> unswept) {
    /** Whether all that is left of a source waits for rows that somebody else has locked. */
    public boolean waitsForRows(String source) {
      Unswept one = unswept.get(source);
      return one != null && one.hindrance() == Hindrance.LOCKED;
    }
  }

  /**
   * What is to be thought of a source that was not, or not wholly, swept.
   *
   * @param bound whether the source was asked for by its name, or is said to be of one worker;
   *     otherwise its jobs may be anybody's
   * @param only whether no other source was asked: then its jobs are the only ones there are
   */
  public record Unswept(boolean bound, boolean only, Hindrance hindrance) {
    /** Of the only source. */
    public Unswept(boolean bound, Hindrance hindrance) {
      this(bound, true, hindrance);
    }
  }

  /** What stands in the way of a sweep. */
  public enum Hindrance {
    /** It could not be read or changed now; that may pass. */
    AWAY,
    /** Its table does not fit, and has not since the agent began: a person must mend it. */
    UNFIT,
    /** It was read, but not all may be rescued now: rescues are held back, or at their most. */
    HELD,
    /**
     * It was read, but somebody else has rows of jobs locked: that passes by itself, mostly soon.
     */
    LOCKED,
    /** It was read, but the table does not allow the change of some jobs: a person must mend it. */
    REFUSED,
    /** No source of this name is configured, or none is any more. */
    GONE
  }
}
