package io.selfheal;

import io.selfheal.config.BadConfiguration;
import io.selfheal.remedy.Remedies;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Symptom;
import io.selfheal.symptom.Symptoms;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What rules can name.
 *
 * @param symptoms by name
 * @param remedies by name
 */
record Kinds(Map<String, Symptom> symptoms, Map<String, Remedy> remedies) {
  Kinds {
    symptoms = Map.copyOf(symptoms);
    remedies = Map.copyOf(remedies);
  }

  /**
   * Those that come with the agent, and those of its plugins.
   *
   * @throws BadConfiguration when a plugin cannot be used
   */
  static Kinds of(AgentConfig config) throws BadConfiguration {
    return Plugins.with(own(config.dataDir()), config.plugins());
  }

  /**
   * Those that come with the agent.
   *
   * @param kept the agent's own directory, which no remedy may touch
   */
  static Kinds own(Path kept) {
    List<Remedy> remedies = Remedies.all(List.of(kept.toAbsolutePath().normalize()));
    return new Kinds(named(Symptoms.all(), Symptom::name), named(remedies, Remedy::name));
  }

  private static <T> Map<String, T> named(List<T> all, Function<T, String> name) {
    return all.stream().collect(Collectors.toMap(name, one -> one));
  }
}
