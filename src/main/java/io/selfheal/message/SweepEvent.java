package io.selfheal.message;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes over sources. */
public sealed interface SweepEvent extends Event {
  /**
   * A sweep that rescued something, failed, or differed from the one before.
   *
   * @param looked running jobs that were read
   * @param stuck of these, how many were stuck
   * @param rescued how many were rescued
   * @param error why it did not finish; null when it did
   */
  record Finished(
      String source,
      long looked,
      long stuck,
      long rescued,
      Duration took,
      @Nullable String error,
      @Nullable String incidentId)
      implements SweepEvent {
    @Override
    public String subject() {
      return Subject.source(source);
    }

    @Override
    public Severity severity() {
      return error == null ? Severity.INFO : Severity.WARNING;
    }

    @Override
    public Optional<String> incident() {
      return Optional.ofNullable(incidentId);
    }
  }
}
