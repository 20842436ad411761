package io.selfheal.cli;

import picocli.CommandLine.Command;

/** {@code reject}: refuses the remedy that an incident waits with. */
@Command(
    name = "reject",
    description = "Refuses the remedy that an incident waits with; people take over.",
    mixinStandardHelpOptions = true)
public final class RejectCommand extends AnswerCommand {
  /** In these surroundings. */
  public RejectCommand(Cli cli) {
    super(cli, "reject", "rejected");
  }
}
