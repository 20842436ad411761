package io.selfheal;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.cli.Connection;
import io.selfheal.cli.DoctorCommand;
import io.selfheal.cli.Finding;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Problem;
import io.selfheal.rule.Rules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code doctor} sees without an agent. */
final class Doctor implements DoctorCommand.Examiner {
  private final Environment environment;

  Doctor(Environment environment) {
    this.environment = environment;
  }

  @Override
  public List<Finding> host(Connection connection) {
    Path file = environment.configFile(connection.config());
    List<Finding> findings = new ArrayList<>(HostChecks.machine());
    try {
      AgentConfig config = AgentConfig.load(file, environment);
      findings.add(
          Finding.ok(
              "configuration",
              "%s: %d workers, %d sources"
                  .formatted(
                      file, config.workers().workers().size(), config.jobs().sources().size())));
      findings.addAll(HostChecks.files(config.dataDir()));
      findings.addAll(rules(config));
    } catch (BadConfiguration bad) {
      bad.problems().forEach(problem -> findings.add(wrong("configuration", problem)));
    }
    return findings;
  }

  private static List<Finding> rules(AgentConfig config) {
    try {
      Rules rules = RuleFile.read(config.rules(), Kinds.of(config));
      String from = rules.file().isEmpty() ? "there is no file" : rules.file();
      return List.of(Finding.ok("rules", from + ": " + rules.all().size() + " rules"));
    } catch (BadConfiguration bad) {
      return bad.problems().stream().map(problem -> wrong("rules", problem)).toList();
    }
  }

  private static Finding wrong(String what, Problem problem) {
    String subject = problem.key().isEmpty() ? "" : " " + problem.key() + ":";
    return Finding.fail(
        what, problem.where() + ":" + subject + " " + problem.cause(), problem.hint());
  }

  @Override
  public List<Finding> database(Connection connection) {
    return config(connection).map(DatabaseChecks::database).map(List::of).orElse(List.of());
  }

  @Override
  public List<JsonNode> sources(Connection connection) {
    return config(connection).map(DatabaseChecks::sources).orElse(List.of());
  }

  /** Empty when it is bad, which was told before. */
  private Optional<AgentConfig> config(Connection connection) {
    try {
      return Optional.of(
          AgentConfig.load(environment.configFile(connection.config()), environment));
    } catch (BadConfiguration told) {
      return Optional.empty();
    }
  }
}
