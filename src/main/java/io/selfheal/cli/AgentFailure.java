package io.selfheal.cli;

/** The agent could not be asked, or said no; the message is for the terminal. */
public final class AgentFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** With the exit code of the command. */
  public AgentFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The exit code of the command. */
  public int exitCode() {
    return exitCode;
  }
}
