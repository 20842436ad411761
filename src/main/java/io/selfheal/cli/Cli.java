package io.selfheal.cli;

import io.selfheal.config.BadConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What surrounds a command.
 *
 * @param finder finds the agent to talk to, through the configuration file (empty: the usual one)
 * @param noColor whether NO_COLOR is set
 * @param terminal whether a person looks at the output
 */
public record Cli(Finder finder, boolean noColor, boolean terminal) {
  /** Everything was well. */
  public static final int OK = 0;

  /** Something failed. */
  public static final int ERROR = 1;

  /** The token was missing or wrong. */
  public static final int NOT_AUTHORISED = 4;

  /** The agent runs, and something is not well. */
  public static final int DEGRADED = 5;

  /** An answer took too long. */
  public static final int TIMEOUT = 7;

  /** The configuration is bad: EX_CONFIG of sysexits.h. */
  public static final int BAD_CONFIGURATION = 78;

  /** Finds the agent's address. */
  @FunctionalInterface
  public interface Finder {
    /**
     * Reads the configuration.
     *
     * @throws BadConfiguration when it cannot be read
     */
    Endpoint find(Optional<Path> config) throws BadConfiguration;
  }

  /** Where the agent listens, and where its token is. */
  public record Endpoint(String host, int port, Path token) {
    /** The base of every address, without a slash at the end. */
    public String base(String scheme) {
      return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** Whether to colour. */
  public boolean colour() {
    return terminal && !noColor;
  }

  /** The exit code of a failure. */
  public static int exitCode(Throwable failure) {
    return switch (failure) {
      case BadConfiguration bad -> BAD_CONFIGURATION;
      case AgentFailure agent -> agent.exitCode();
      default -> ERROR;
    };
  }

  /** What to tell of a failure; the trace only of what should not happen. */
  public static String explain(Throwable failure) {
    return switch (failure) {
      case BadConfiguration bad ->
          bad.getMessage()
              + System.lineSeparator()
              + (bad.problems().size() == 1 ? "1 problem" : bad.problems().size() + " problems")
              + "; nothing was started.";
      case AgentFailure agent -> String.valueOf(agent.getMessage());
      default -> {
        StringBuilder text = new StringBuilder(said(failure));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
          text.append(System.lineSeparator()).append("  because: ").append(said(cause));
        }
        yield text.toString();
      }
    };
  }

  /** The kind of a failure is worth a word only where its message may not stand alone. */
  private static String said(Throwable failure) {
    String message = failure.getMessage();
    boolean ours =
        failure.getClass() == IOException.class
            || failure.getClass() == IllegalStateException.class;
    return ours && message != null ? message : failure.toString();
  }
}
