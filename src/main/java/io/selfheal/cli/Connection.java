package io.selfheal.cli;

import io.selfheal.config.BadConfiguration;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which agent is meant. */
public final class Connection {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The agent's address; default: from the configuration.")
  private @Nullable URI url;

  @Option(names = "--config", paramLabel = "FILE", description = "The agent's configuration file.")
  private @Nullable Path config;

  /** The configuration file that was named; empty: the usual one. */
  public Optional<Path> config() {
    return Optional.ofNullable(config);
  }

  Cli.Endpoint endpoint(Cli cli) throws BadConfiguration, AgentFailure {
    if (url == null) {
      return cli.finder().find(config());
    }
    if (url.getHost() == null || url.getPort() < 0) {
      throw new AgentFailure(2, "--url " + url + ": write it as http://127.0.0.1:7717");
    }
    return new Cli.Endpoint(url.getHost(), url.getPort(), Path.of("token"));
  }
}
