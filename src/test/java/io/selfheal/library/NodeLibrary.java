package io.selfheal.library;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A library from the npm registry, installed once below {@code target/npm}, whose scripts run as
 * processes of their own. Its {@code package.json} and scripts are in the test resources, in {@code
 * npm/NAME}.
 */
public final class NodeLibrary {
  private static final long INSTALL_MINUTES = 5;

  private final Path home;

  private NodeLibrary(Path home) {
    this.home = home;
  }

  /** Skips the test, and says so, where there is no Node. */
  public static NodeLibrary install(String name, String... scripts) {
    assumeTrue(runs("node", "--version"), "skipped: node is not installed here");
    assumeTrue(runs("npm", "--version"), "skipped: npm is not installed here");
    Path home = Path.of("target", "npm", name).toAbsolutePath();
    try {
      Files.createDirectories(home);
      copy(name, "package.json", home);
      for (String script : scripts) {
        copy(name, script, home);
      }
      install(home);
      return new NodeLibrary(home);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts a script; what it prints goes to the log. */
  public Process start(Path log, String script, String... arguments) throws IOException {
    return new ProcessBuilder(command(script, arguments))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** How to start a script, in whatever directory. */
  public List<String> command(String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", home.resolve(script).toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The mark is written last: an installation that was cut off is done again. */
  private static void install(Path home) throws IOException {
    Path wanted = home.resolve("package.json");
    Path mark = home.resolve("installed.json");
    if (Files.exists(mark) && Files.mismatch(wanted, mark) == -1) {
      return;
    }
    Path log = home.resolve("install.log");
    Process npm =
        new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--no-package-lock")
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!ended(npm, INSTALL_MINUTES) || npm.exitValue() != 0) {
      npm.destroyForcibly();
      throw new IOException("npm install failed in " + home + "\n" + Files.readString(log));
    }
    Files.copy(wanted, mark, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(String name, String file, Path home) throws IOException {
    String resource = "npm/" + name + "/" + file;
    try (InputStream from = NodeLibrary.class.getResourceAsStream(resource)) {
      if (from == null) {
        throw new IOException("no test resource " + resource);
      }
      String text = new String(from.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(home.resolve(file), text);
    }
  }

  private static boolean runs(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return ended(process, 1) && process.exitValue() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  private static boolean ended(Process process, long minutes) {
    try {
      return process.waitFor(minutes, TimeUnit.MINUTES);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
