package io.selfheal;

import io.selfheal.rule.Rules;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code check [FILE]}, or as with other commands {@code check --config FILE}: validates the
 * configuration without starting anything.
 */
@Command(
    name = "check",
    description = "Checks a configuration file without starting; 0 when it is good, 78 when not.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  private final Environment environment;

  @Parameters(index = "0", arity = "0..1", description = "The file; default: the one of run.")
  private @Nullable Path file;

  @Option(names = "--config", paramLabel = "FILE", description = "The same.")
  private @Nullable Path config;

  @Spec private @Nullable CommandSpec spec;

  CheckCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    if (file != null && config != null && spec != null) {
      throw new ParameterException(spec.commandLine(), "Give one file: FILE, or --config FILE.");
    }
    Path chosen = environment.configFile(Optional.ofNullable(file != null ? file : config));
    AgentConfig config = AgentConfig.load(chosen, environment);
    Rules rules = RuleFile.read(config.rules(), Kinds.of(config));
    if (spec != null) {
      spec.commandLine()
          .getOut()
          .printf(
              "%s is good: %d workers, %d sources, %d rules, data in %s%n",
              chosen,
              config.workers().workers().size(),
              config.jobs().sources().size(),
              rules.all().size(),
              config.dataDir());
    }
    return 0;
  }
}
