package io.selfheal.message;

/** What happens to jobs that are not tried again. */
public sealed interface DeadLetterEvent extends Event {
  /** The job. */
  DeadLetter letter();

  @Override
  default String subject() {
    return Subject.job(letter().source(), letter().jobId());
  }

  @Override
  default Severity severity() {
    return Severity.WARNING;
  }

  /** A job is not tried again from now on. */
  record Added(DeadLetter letter) implements DeadLetterEvent {}
}
