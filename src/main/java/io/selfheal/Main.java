package io.selfheal;

import io.selfheal.cli.ApproveCommand;
import io.selfheal.cli.BreakerCommand;
import io.selfheal.cli.Cli;
import io.selfheal.cli.DeadLettersCommand;
import io.selfheal.cli.DoctorCommand;
import io.selfheal.cli.IncidentsCommand;
import io.selfheal.cli.JobsCommand;
import io.selfheal.cli.PauseCommand;
import io.selfheal.cli.RejectCommand;
import io.selfheal.cli.ReloadCommand;
import io.selfheal.cli.RestoreCommand;
import io.selfheal.cli.ResumeCommand;
import io.selfheal.cli.RulesCommand;
import io.selfheal.cli.ServicesCommand;
import io.selfheal.cli.ShowRuleCommand;
import io.selfheal.cli.StatusCommand;
import io.selfheal.cli.TryRuleCommand;
import io.selfheal.cli.VersionCommand;
import io.selfheal.cli.WatchCommand;
import io.selfheal.cli.WhyCommand;
import io.selfheal.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The process entry: reads the command line and leaves with its exit code. */
@Command(
    name = "agent.sh",
    description = "Keeps background workers moving: proves, fixes, verifies, says why.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Also: test (runs the tests), bench (measures).",
      "Exit codes: 0 ok, 1 error, 2 usage, 4 not authorised, 5 degraded, 78 bad configuration."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main(CommandSpec unset) {
    this.spec = unset;
  }

  /** Runs one command. */
  public static void main(String[] arguments) {
    System.exit(commandLine(new Environment(System.getenv())).execute(arguments));
  }

  static CommandLine commandLine(Environment environment) {
    Cli cli = environment.cli();
    return new CommandLine(new Main(CommandSpec.create()))
        .addSubcommand(new RunCommand(environment))
        .addSubcommand(new DemoCommand(environment.demoDir(), cli.colour()))
        .addSubcommand(new CheckCommand(environment))
        .addSubcommand(new MigrateCommand(environment))
        .addSubcommand(new StatusCommand(cli))
        .addSubcommand(new WatchCommand(cli))
        .addSubcommand(new JobsCommand(cli))
        .addSubcommand(new DeadLettersCommand(cli))
        .addSubcommand(new ServicesCommand(cli))
        .addSubcommand(new BreakerCommand(cli))
        .addSubcommand(new IncidentsCommand(cli))
        .addSubcommand(new WhyCommand(cli))
        .addSubcommand(new ApproveCommand(cli))
        .addSubcommand(new RejectCommand(cli))
        .addSubcommand(rules(cli, environment))
        .addSubcommand(new ReloadCommand(cli))
        .addSubcommand(new PauseCommand(cli))
        .addSubcommand(new ResumeCommand(cli))
        .addSubcommand(new RestoreCommand())
        .addSubcommand(new DoctorCommand(cli, Version.current(), new Doctor(environment)))
        .addSubcommand(new VersionCommand(Version.current()))
        .addSubcommand(new CommandLine.HelpCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExitCodeExceptionMapper(
            failure ->
                failure instanceof ParameterException
                    ? CommandLine.ExitCode.USAGE
                    : Cli.exitCode(failure))
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println(Cli.explain(failure));
              return Cli.exitCode(failure);
            });
  }

  private static CommandLine rules(Cli cli, Environment environment) {
    return new CommandLine(new RulesCommand(cli))
        .addSubcommand(new ShowRuleCommand(cli))
        .addSubcommand(new TryRuleCommand(cli))
        .addSubcommand(new KindsCommand(environment));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }
}
