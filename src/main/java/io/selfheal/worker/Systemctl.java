package io.selfheal.worker;

import io.selfheal.message.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Asks systemd, by its own command, without a shell. Blocks: only off the event loop. */
final class Systemctl {
  private static final Duration SHOW_LIMIT = Duration.ofSeconds(5);
  private static final Duration RELOAD_LIMIT = Duration.ofSeconds(45);
  private static final long FIRST_PAUSE_MILLIS = 10;

  /** All pauses together are less than twice that. */
  private static final long LAST_PAUSE_MILLIS = 1_000;

  private static final Path BOOTED = Path.of("/run/systemd/system");

  /** How it went. */
  record Result(Outcome outcome, String detail) {}

  /**
   * What it said.
   *
   * @param exit its status; -1 when it did not answer in time
   */
  record Answer(int exit, String text) {}

  /** Whether systemd runs this host. */
  static boolean booted() {
    return Files.isDirectory(BOOTED);
  }

  /** How a unit is; empty when systemd cannot be asked. */
  Optional<SystemdUnit> state(String unit) {
    try {
      return Optional.of(look(unit));
    } catch (IOException failure) {
      return Optional.empty();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static SystemdUnit look(String unit) throws IOException, InterruptedException {
    return SystemdUnit.parse(asked(SHOW_LIMIT, question(unit)));
  }

  private static String[] question(String unit) {
    return new String[] {"show", "-p", SystemdUnit.PROPERTIES, "--", unit};
  }

  /** How a process of a unit, that is gone, came to its end. Waits until systemd has seen it. */
  UnitEnd end(String unit, long pid, OptionalInt status) throws IOException, InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      SystemdUnit now = look(unit);
      UnitEnd end = UnitEnd.of(unit, pid, status, now);
      if (!(end instanceof UnitEnd.NotYet)) {
        return end;
      }
      if (pause > LAST_PAUSE_MILLIS) {
        return UnitEnd.late(unit, now);
      }
      Thread.sleep(pause);
      pause *= 2;
    }
  }

  /** The limits of a unit, see {@link UnitLimits#parse}. */
  String limits(String unit) throws IOException, InterruptedException {
    return asked(SHOW_LIMIT, "show", "-p", UnitLimits.PROPERTIES, "--", unit);
  }

  /** Sets properties until the next boot. */
  void setProperty(String unit, List<String> settings) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("set-property", "--runtime", "--", unit));
    arguments.addAll(settings);
    asked(SHOW_LIMIT, arguments.toArray(String[]::new));
  }

  /** The instances of a template unit that systemd knows of, see {@link TemplatePlan#running}. */
  String instances(String template) throws IOException, InterruptedException {
    String pattern = template.replace("@.service", "@*.service");
    return asked(SHOW_LIMIT, "list-units", "--all", "--plain", "--no-legend", "--", pattern);
  }

  /** Has systemd read its files anew. */
  void reload() throws IOException, InterruptedException {
    asked(RELOAD_LIMIT, "daemon-reload");
  }

  /** Fails with what systemctl said, where it did not do what it was asked for. */
  private static String asked(Duration limit, String... arguments)
      throws IOException, InterruptedException {
    if (!booted()) {
      throw new IOException("systemd does not run this host");
    }
    Answer answer = run(limit, arguments);
    if (answer.exit != 0) {
      throw new IOException(
          "systemctl "
              + String.join(" ", arguments)
              + ": "
              + answer.text
              + UnitPlan.hint(answer.text));
    }
    return answer.text;
  }

  static Answer show(String unit) throws IOException, InterruptedException {
    return run(SHOW_LIMIT, question(unit));
  }

  static Answer run(Duration limit, String... arguments) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("systemctl", "--no-ask-password"));
    argv.addAll(List.of(arguments));
    Path output = Files.createTempFile("selfheal-systemctl", ".txt");
    try {
      Process process =
          new ProcessBuilder(argv)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return new Answer(-1, "no answer within " + Words.of(limit));
      }
      String text = Files.readString(output, StandardCharsets.UTF_8).strip();
      return new Answer(process.exitValue(), text);
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
