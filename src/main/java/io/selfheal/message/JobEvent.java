package io.selfheal.message;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happens to jobs. */
public sealed interface JobEvent extends Event {
  /** The source that the job is of. */
  String source();

  /** What was, or would be, done to one stuck job. */
  enum Effect {
    REQUEUE,
    RESUME,
    FAIL,
    DEAD_LETTER,
    LEAVE
  }

  /**
   * A sweep found stuck jobs that should be rescued. One event a sweep, however many there are.
   *
   * @param count how many, at least; a sweep stops counting at its batch
   * @param examples up to ten of them
   */
  record Stuck(String source, long count, List<StuckJob> examples) implements JobEvent {
    /** Copies the examples. */
    public Stuck {
      examples = List.copyOf(examples);
    }

    @Override
    public String subject() {
      return Subject.source(source);
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }
  }

  /** A stuck job was changed, in the transaction that proved it unchanged since the look. */
  record Rescued(
      String source,
      String jobId,
      Effect effect,
      String reason,
      Verdict verdict,
      @Nullable String incidentId)
      implements JobEvent {
    @Override
    public String subject() {
      return Subject.job(source, jobId);
    }

    @Override
    public Severity severity() {
      return effect == Effect.REQUEUE || effect == Effect.RESUME ? Severity.INFO : Severity.WARNING;
    }

    @Override
    public Optional<String> incident() {
      return Optional.ofNullable(incidentId);
    }
  }

  /**
   * A job past what it is allowed was left alone; said once a job and reason. One that a look found
   * with a dead holder waits for its library or for a person.
   *
   * @param incidentId the incident whose sweep wanted to change it and could not; null when a look
   *     found it
   */
  record Left(
      String source, String jobId, String reason, Verdict verdict, @Nullable String incidentId)
      implements JobEvent {
    /** Found by a look. */
    public Left(String source, String jobId, String reason, Verdict verdict) {
      this(source, jobId, reason, verdict, null);
    }

    @Override
    public Optional<String> incident() {
      return Optional.ofNullable(incidentId);
    }

    @Override
    public String subject() {
      return Subject.job(source, jobId);
    }

    @Override
    public Severity severity() {
      boolean waits = incidentId == null && verdict.ruling() == Verdict.Ruling.DEAD;
      return waits ? Severity.WARNING : Severity.INFO;
    }
  }

  /**
   * What was decided on jobs of one batch beyond those that are told one by one: jobs that share
   * effect, reason and evidence are told together, so that a sweep of any size is told whole.
   *
   * @param count all jobs that it tells of
   */
  record Decided(String source, long count, List<Decision> decisions, @Nullable String incidentId)
      implements JobEvent {
    /** Counts the jobs. */
    public Decided(String source, List<Decision> decisions, @Nullable String incidentId) {
      this(
          source,
          decisions.stream().mapToLong(one -> one.jobIds().size()).sum(),
          decisions,
          incidentId);
    }

    /** Copies the decisions. */
    public Decided {
      decisions = List.copyOf(decisions);
    }

    @Override
    public Optional<String> incident() {
      return Optional.ofNullable(incidentId);
    }

    @Override
    public String subject() {
      return Subject.jobs(source);
    }

    @Override
    public Severity severity() {
      return decisions.stream().allMatch(Decision::harmless) ? Severity.INFO : Severity.WARNING;
    }
  }

  /** One decision on some jobs; {@link Effect#LEAVE} when they were left as they are. */
  record Decision(Effect effect, String reason, Verdict verdict, List<String> jobIds) {
    /** Copies the ids. */
    public Decision {
      jobIds = List.copyOf(jobIds);
    }

    private boolean harmless() {
      return effect != Effect.FAIL && effect != Effect.DEAD_LETTER;
    }
  }
}
