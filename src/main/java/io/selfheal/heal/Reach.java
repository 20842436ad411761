package io.selfheal.heal;

import java.util.Set;

/**
 * What a remedy reaches, as far as guardrails care.
 *
 * <table>
 * <caption>Which guardrail is asked for which remedy</caption>
 * <tr><th>remedy</th><th>share, keep_last</th><th>starvation</th></tr>
 * <tr><td>restart_worker, stop_worker, drain_worker</td><td>yes</td><td>yes</td></tr>
 * <tr><td>scale_worker: has a least and a most of its own</td><td>no</td><td>yes</td></tr>
 * <tr><td>run_command, and what a plugin brings: what they end is not known</td>
 *     <td>no</td><td>yes</td></tr>
 * <tr><td>throttle_worker, clear_cache, archive_files, restore_file, requeue_jobs,
 *     dead_letter_job, reset_breaker, notify: they end no process</td><td>no</td><td>no</td></tr>
 * </table>
 *
 * <p>Starvation makes healthy processes look sick. Where a symptom is a fact that it cannot feign,
 * it holds nothing: a worker that is gone is gone, and memory pressure is not left alone because
 * memory is under pressure.
 */
final class Reach {
  private static final Set<String> ENDS_PROCESSES =
      Set.of("restart_worker", "stop_worker", "drain_worker");

  private static final Set<String> ENDS_NOTHING =
      Set.of(
          "throttle_worker",
          "clear_cache",
          "archive_files",
          "restore_file",
          "requeue_jobs",
          "dead_letter_job",
          "reset_breaker",
          "notify");

  private static final Set<String> FACTS =
      Set.of(
          "worker_lost",
          "crash_loop",
          "worker_frozen",
          "resource_leak",
          "high_cpu",
          "memory_pressure",
          "low_disk",
          "corrupt_file");

  private Reach() {}

  /** Whether it stops, restarts or drains a process of a worker. */
  static boolean endsProcesses(String remedy) {
    return ENDS_PROCESSES.contains(remedy);
  }

  /** Whether it may end something that runs. */
  static boolean mayEndProcesses(String remedy) {
    return !ENDS_NOTHING.contains(remedy);
  }

  /** Whether starvation can make a healthy subject show this symptom. */
  static boolean feigned(String symptom) {
    return !FACTS.contains(symptom);
  }
}
