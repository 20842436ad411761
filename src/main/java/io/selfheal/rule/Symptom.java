package io.selfheal.rule;

import io.selfheal.config.Section;

/**
 * A kind of symptom that rules can name. A plugin names its class in {@code
 * META-INF/services/io.selfheal.rule.Symptom}; it needs a public constructor without parameters.
 */
public interface Symptom {
  /** The name in rules, lower case with underscores, for example {@code low_disk}. */
  String name();

  /** What it is in one sentence, for {@code agent.sh rules}. */
  String description();

  /**
   * Reads what a rule says of it: {@code where} (which subjects), {@code enter} and {@code leave}
   * (when it is there, and when it is gone). What is wrong is noted on the sections, all of it, and
   * not thrown. Called once for each reading of the file.
   *
   * @return makes a detector that has seen nothing yet; called for each watching, and for each
   *     replay of stored readings
   */
  Make read(Section where, Section enter, Section leave);

  /** Makes a detector. */
  @FunctionalInterface
  interface Make {
    /** One that has seen nothing yet. */
    Detector detector();
  }
}
