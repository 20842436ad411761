package io.selfheal.rule;

import io.selfheal.message.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The rules that come with the agent. What they watch for and their ladders are fixed; their mode
 * and their guardrails are not.
 */
public enum BuiltIn {
  /** A process is gone that nobody asked to end. */
  LOST_WORKER("worker_lost", Severity.CRITICAL),
  /** A process is stopped by a signal or its freezer. */
  FROZEN_WORKER("worker_frozen", Severity.WARNING),
  /** The heartbeat of a process is late. */
  SILENT_WORKER("worker_unresponsive", Severity.WARNING),
  /** Jobs are marked as running, and nobody works on them. */
  STUCK_JOBS("job_stuck", Severity.WARNING);

  private final String symptom;
  private final Severity severity;

  BuiltIn(String symptom, Severity severity) {
    this.symptom = symptom;
    this.severity = severity;
  }

  /** The name of the rule, and its key in the section {@code built_in}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name of its symptom. */
  public String symptom() {
    return symptom;
  }

  /** How bad it is. */
  public Severity severity() {
    return severity;
  }

  /** The names of its remedies, in order. */
  public List<String> ladder() {
    return switch (this) {
      case LOST_WORKER -> List.of("requeue_jobs", "restart_worker");
      case FROZEN_WORKER, SILENT_WORKER -> List.of("stop_worker", "requeue_jobs", "restart_worker");
      case STUCK_JOBS -> List.of("requeue_jobs");
    };
  }

  /** The one of a name. */
  public static Optional<BuiltIn> named(String name) {
    return Arrays.stream(values()).filter(one -> one.key().equals(name)).findFirst();
  }
}
