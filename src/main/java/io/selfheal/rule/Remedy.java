package io.selfheal.rule;

import io.selfheal.config.Section;

/**
 * A kind of remedy that rules can name. A plugin names its class in {@code
 * META-INF/services/io.selfheal.rule.Remedy}; it needs a public constructor without parameters.
 */
public interface Remedy {
  /** The name in rules, lower case with underscores, for example {@code clear_cache}. */
  String name();

  /** What it does in one sentence, for {@code agent.sh rules}. */
  String description();

  /**
   * Reads what a rule says of it. What is wrong is noted on the section, all of it, and not thrown.
   *
   * @param with the rung's section {@code with}
   */
  Act read(Section with);
}
