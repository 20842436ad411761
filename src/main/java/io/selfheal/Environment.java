package io.selfheal;

import io.selfheal.cli.Cli;
import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds the process.
 *
 * @param variables the environment variables
 */
record Environment(Map<String, String> variables) {
  /** Where {@code conf/} is; the working directory when agent.sh did not say. */
  Path home() {
    return Path.of(System.getProperty("selfheal.home", ""));
  }

  /**
   * The configuration file: the one given, else SELFHEAL_CONFIG, else /etc/selfheal/agent.yaml,
   * else conf/agent.yaml. One that was named is taken even if it does not exist, so that a typing
   * error is not answered by another file.
   */
  Path configFile(Optional<Path> given) {
    Optional<Path> named =
        given.or(() -> Optional.ofNullable(variables.get("SELFHEAL_CONFIG")).map(Path::of));
    if (named.isPresent()) {
      return named.get();
    }
    Path installed = Path.of("/etc/selfheal/agent.yaml");
    return Files.exists(installed) ? installed : home().resolve("conf/agent.yaml");
  }

  /** The data directory when nobody names one: systemd's, root's, or the user's own. */
  Path defaultDataDir() {
    String state = variables.get("STATE_DIRECTORY");
    if (state != null && !state.isBlank()) {
      return Path.of(List.of(state.split(":")).getFirst());
    }
    if ("root".equals(System.getProperty("user.name"))) {
      return Path.of("/var/lib/selfheal");
    }
    String base = variables.get("XDG_STATE_HOME");
    Path states =
        base == null || base.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(base);
    return states.resolve("selfheal");
  }

  /** Where the demo puts everything: kept between demos, so that the next one starts faster. */
  Path demoDir() {
    Path target = home().toAbsolutePath().resolve("target");
    return Files.isWritable(target)
        ? target.resolve("demo")
        : Path.of(System.getProperty("java.io.tmpdir"), "selfheal-demo-" + user());
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  /** What the commands that talk to a running agent need. */
  Cli cli() {
    return new Cli(
        given -> {
          AgentConfig config = AgentConfig.load(configFile(given), this);
          return new Cli.Endpoint(
              config.api().host(), config.api().port(), config.dataDir().resolve("token"));
        },
        variables.containsKey("NO_COLOR"),
        terminal());
  }

  @SuppressWarnings("SystemConsoleNull") // by default there is again none without a terminal
  private static boolean terminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
