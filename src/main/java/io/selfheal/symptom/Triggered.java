package io.selfheal.symptom;

import io.selfheal.rule.Detector;
import java.util.Map;
import java.util.Set;

/**
 * A detector that wants the kernel to tell of stalls by itself. It only says where; what is told
 * comes as {@link io.selfheal.message.HostEvent.Stalled}, so that a replay has it, too, and needs
 * no kernel.
 */
interface Triggered extends Detector {
  /** Those that it wants now; asked twice a second, beside a look. */
  Set<Trigger> triggers();

  /**
   * Those that cannot be had, and why; told twice a second, beside a look.
   *
   * @param why a part of a sentence; also about triggers of others
   */
  void refused(Map<Trigger, String> why);
}
