package io.selfheal.cli;

/** The agent could not be asked, or said no; the message is for the terminal. */
public final class AgentFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final boolean absent;

  /** With the exit code of the command. */
  public AgentFailure(int exitCode, String message) {
    this(exitCode, message, false);
  }

  private AgentFailure(int exitCode, String message, boolean absent) {
    super(message);
    this.exitCode = exitCode;
    this.absent = absent;
  }

  /** Nobody listens there. */
  static AgentFailure absent(String message) {
    return new AgentFailure(Cli.ERROR, message, true);
  }

  /** Whether nobody listens there. */
  boolean absent() {
    return absent;
  }

  /** The exit code of the command. */
  public int exitCode() {
    return exitCode;
  }
}
