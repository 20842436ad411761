package io.selfheal;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Section;
import io.selfheal.remedy.Remedies;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Rules;
import io.selfheal.rule.RulesReader;
import io.selfheal.rule.Symptom;
import io.selfheal.symptom.Symptoms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds and reads the rules. */
final class RuleFile {
  private static final String NAME = "rules.yaml";

  private RuleFile() {}

  /** The file that a configuration names. */
  static Optional<Path> of(Path configuration, Section root) {
    Path beside = configuration.toAbsolutePath().resolveSibling(NAME);
    return root.text("rules")
        .map(named -> configuration.toAbsolutePath().resolveSibling(named))
        .or(() -> Optional.of(beside).filter(Files::exists));
  }

  /** Reads it; no rules when there is none. */
  static Rules read(Optional<Path> file) throws BadConfiguration {
    if (file.isEmpty()) {
      return new Rules("", Limits.DEFAULT, List.of());
    }
    return new RulesReader(
            named(Symptoms.all(), Symptom::name), named(Remedies.all(), Remedy::name))
        .read(file.get().toString(), ConfigFile.read(file.get()));
  }

  private static <T> Map<String, T> named(List<T> all, Function<T, String> name) {
    return all.stream().collect(Collectors.toMap(name, one -> one));
  }
}
