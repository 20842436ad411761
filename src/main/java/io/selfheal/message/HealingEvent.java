package io.selfheal.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The one switch over all remedies. */
public sealed interface HealingEvent extends Event {
  @Override
  default String subject() {
    return Subject.HEALING;
  }

  @Override
  default Severity severity() {
    return Severity.WARNING;
  }

  /** No new remedy starts; running ones finish. {@code until} null: until resumed. */
  record Paused(String reason, @Nullable Instant until) implements HealingEvent {}

  /** Remedies may start again. */
  record Resumed(String reason) implements HealingEvent {}
}
