package io.selfheal.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code version}. */
@Command(name = "version", description = "Prints the version.", mixinStandardHelpOptions = true)
public final class VersionCommand implements Callable<Integer> {
  private final String version;

  @Option(names = "-o", paramLabel = "FORM", description = "table (default) or json")
  private Output output = Output.TABLE;

  @Spec private @Nullable CommandSpec spec;

  /** With the version that the build wrote down. */
  public VersionCommand(String version) {
    this.version = version;
  }

  @Override
  public Integer call() {
    String java = Runtime.version().toString();
    String form =
        output == Output.JSON
            ? "{\"version\":\"%s\",\"java\":\"%s\"}%n"
            : "selfheal %s (Java %s)%n";
    if (spec != null) {
      spec.commandLine().getOut().printf(form, version, java);
    }
    return Cli.OK;
  }
}
