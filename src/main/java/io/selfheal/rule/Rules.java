package io.selfheal.rule;

import java.util.List;
import java.util.Optional;

/**
 * All rules of one reading of the file.
 *
 * @param file where they came from; empty when there is none
 */
public record Rules(String file, Limits limits, List<Rule> all) {
  /** Copies the list. */
  public Rules {
    all = List.copyOf(all);
  }

  /** The rule of a name. */
  public Optional<Rule> named(String name) {
    return all.stream().filter(rule -> rule.name().equals(name)).findFirst();
  }
}
