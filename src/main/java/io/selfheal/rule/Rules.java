package io.selfheal.rule;

import java.util.List;
import java.util.Optional;

/**
 * All rules of one reading of the file.
 *
 * @param file where they came from; empty when there is none
 * @param all those that the file names, in its order
 * @param builtIn those that come with the agent
 */
public record Rules(String file, Limits limits, List<Rule> all, BuiltInRules builtIn) {
  /** Copies the list. */
  public Rules {
    all = List.copyOf(all);
  }

  /** The file says nothing of the rules that come with the agent. */
  public Rules(String file, Limits limits, List<Rule> all) {
    this(file, limits, all, BuiltInRules.DEFAULT);
  }

  /** The rule of a name, of those that the file names. */
  public Optional<Rule> named(String name) {
    return all.stream().filter(rule -> rule.name().equals(name)).findFirst();
  }

  /** The rule of a name, of all that there are. */
  public Optional<Rule> any(String name) {
    return named(name).or(() -> builtIn.named(name));
  }
}
