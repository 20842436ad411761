package io.selfheal.cli;

import picocli.CommandLine.Command;

/** {@code approve}: lets the remedy start that an incident waits with. */
@Command(
    name = "approve",
    description = "Lets the remedy start that an incident waits with.",
    mixinStandardHelpOptions = true)
public final class ApproveCommand extends AnswerCommand {
  /** In these surroundings. */
  public ApproveCommand(Cli cli) {
    super(cli, "approve", "approved");
  }
}
