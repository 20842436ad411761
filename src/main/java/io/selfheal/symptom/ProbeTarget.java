package io.selfheal.symptom;

import java.util.List;

/** The process that a probe is for, and how it is named in the probe's texts. Pure. */
record ProbeTarget(String instance, long pid) {
  private static final List<String> NAMES = List.of("{pid}", "{instance}", "{number}");

  /** Whether a text means one process only. */
  static boolean tellsApart(String template) {
    return NAMES.stream().anyMatch(template::contains);
  }

  /** The text for this process. */
  String in(String template) {
    return template
        .replace("{pid}", Long.toString(pid))
        .replace("{instance}", instance)
        .replace("{number}", instance.substring(instance.lastIndexOf('.') + 1));
  }
}
