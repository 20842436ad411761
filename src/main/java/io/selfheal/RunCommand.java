package io.selfheal;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run}: the agent itself, until it is told to stop. */
@Command(
    name = "run",
    description = "Runs the agent in the foreground until SIGTERM or Ctrl-C.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private final Environment environment;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "Default: SELFHEAL_CONFIG, else /etc/selfheal/agent.yaml,",
        "else conf/agent.yaml."
      })
  private @Nullable Path config;

  RunCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    Path file = environment.configFile(Optional.ofNullable(config));
    AgentConfig read = AgentConfig.load(file, environment);
    Kinds kinds = Kinds.of(read);
    return new AgentProcess(read, kinds, RuleFile.read(read.rules(), kinds)).run();
  }
}
