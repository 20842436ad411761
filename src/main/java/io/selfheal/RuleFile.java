package io.selfheal;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Section;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Rules;
import io.selfheal.rule.RulesReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
  static Rules read(Optional<Path> file, Kinds kinds) throws BadConfiguration {
    if (file.isEmpty()) {
      return new Rules("", Limits.DEFAULT, List.of());
    }
    return new RulesReader(kinds.symptoms(), kinds.remedies())
        .read(file.get().toString(), ConfigFile.read(file.get()));
  }
}
