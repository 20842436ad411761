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
import java.util.concurrent.TimeUnit;

/** Asks systemd, by its own command, without a shell. Blocks: only off the event loop. */
final class Systemctl {
  private static final Duration SHOW_LIMIT = Duration.ofSeconds(5);
  private static final Duration RESTART_LIMIT = Duration.ofSeconds(45);
  private static final int LOOKS = 8;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Path BOOTED = Path.of("/run/systemd/system");

  /** How it went. */
  record Result(Outcome outcome, String detail) {}

  private record Answer(int exit, String text) {}

  /** Brings a unit back whose process, {@code gone}, is gone; 0 when that is not known. */
  Result revive(String unit, long gone) {
    if (!Files.isDirectory(BOOTED)) {
      return new Result(
          Outcome.FAILED, "systemd does not run this host, so " + unit + " cannot be restarted");
    }
    try {
      return settle(unit, gone);
    } catch (IOException failure) {
      return new Result(Outcome.FAILED, "systemctl cannot be run: " + failure.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new Result(Outcome.DEFERRED, "the agent is stopping");
    }
  }

  private Result settle(String unit, long gone) throws IOException, InterruptedException {
    String reason = "";
    for (int look = 0; look < LOOKS; look++) {
      Answer answer = show(unit);
      if (answer.exit != 0) {
        return unshown(unit, answer);
      }
      SystemdUnit.Advice advice = SystemdUnit.parse(answer.text).advise(unit, gone);
      reason = advice.reason();
      Optional<Result> result =
          switch (advice.step()) {
            case RESTART -> Optional.of(restart(unit, reason));
            case UNWANTED -> Optional.of(new Result(Outcome.UNWANTED, reason));
            case REFUSE -> Optional.of(new Result(Outcome.REFUSED, reason));
            case FAIL -> Optional.of(new Result(Outcome.FAILED, reason));
            case RUNS -> Optional.of(new Result(Outcome.ALREADY_DONE, reason));
            case WAIT -> Optional.empty();
          };
      if (result.isPresent()) {
        return result.get();
      }
      Thread.sleep(PAUSE);
    }
    return new Result(Outcome.DEFERRED, reason);
  }

  private Result restart(String unit, String reason) throws IOException, InterruptedException {
    Answer answer = run(RESTART_LIMIT, "restart", "--", unit);
    if (answer.exit == 0) {
      return new Result(Outcome.DONE, reason + "; systemd restarted it");
    }
    return new Result(
        Outcome.FAILED,
        reason + "; systemctl restart " + unit + ": " + answer.text + UnitPlan.hint(answer.text));
  }

  /**
   * Has systemd restart, stop or start a unit, and waits for its job.
   *
   * @param limit how long the job may take
   * @param rehearse only say what would be done
   */
  Result act(UnitPlan plan, Duration limit, boolean rehearse) {
    if (!Files.isDirectory(BOOTED)) {
      return new Result(
          Outcome.FAILED,
          "systemd does not run this host, so nothing can be done to " + plan.unit());
    }
    try {
      return settle(plan, limit, rehearse);
    } catch (IOException failure) {
      return new Result(Outcome.FAILED, "systemctl cannot be run: " + failure.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new Result(Outcome.DEFERRED, "the agent is stopping");
    }
  }

  private static Result settle(UnitPlan plan, Duration limit, boolean rehearse)
      throws IOException, InterruptedException {
    String reason = "";
    for (int look = 0; look < LOOKS; look++) {
      Answer answer = show(plan.unit());
      if (answer.exit != 0) {
        return unshown(plan.unit(), answer);
      }
      UnitPlan.Advice advice = plan.advise(SystemdUnit.parse(answer.text));
      reason = advice.reason();
      Optional<Outcome> outcome = advice.step().outcome();
      if (outcome.isPresent()) {
        return new Result(outcome.get(), reason);
      }
      if (advice.step() == UnitPlan.Step.ACT) {
        return rehearse
            ? new Result(Outcome.DONE, "would run " + plan.command() + "; " + reason)
            : done(plan, reason, limit);
      }
      Thread.sleep(PAUSE);
    }
    return new Result(Outcome.DEFERRED, reason);
  }

  private static Result done(UnitPlan plan, String reason, Duration limit)
      throws IOException, InterruptedException {
    Answer answer = run(limit, plan.verb(), "--", plan.unit());
    if (answer.exit != 0) {
      return new Result(Outcome.FAILED, plan.failed(reason, answer.exit, answer.text));
    }
    Answer now = show(plan.unit());
    return now.exit == 0
        ? plan.afterwards(reason, SystemdUnit.parse(now.text))
        : unshown(plan.unit(), now);
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
    asked(RESTART_LIMIT, "daemon-reload");
  }

  /** Fails with what systemctl said, where it did not do what it was asked for. */
  private static String asked(Duration limit, String... arguments)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(BOOTED)) {
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

  /** Why no process of a unit is found that was just restarted. */
  Result missing(String unit) {
    try {
      Answer answer = show(unit);
      if (answer.exit != 0) {
        return unshown(unit, answer);
      }
      SystemdUnit.Advice advice = SystemdUnit.parse(answer.text).afterRestart(unit);
      boolean waits = advice.step() == SystemdUnit.Step.WAIT;
      return new Result(waits ? Outcome.DEFERRED : Outcome.FAILED, advice.reason());
    } catch (IOException failure) {
      return new Result(Outcome.FAILED, "systemctl cannot be run: " + failure.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new Result(Outcome.DEFERRED, "the agent is stopping");
    }
  }

  private static Answer show(String unit) throws IOException, InterruptedException {
    return run(SHOW_LIMIT, "show", "-p", SystemdUnit.PROPERTIES, "--", unit);
  }

  private static Result unshown(String unit, Answer answer) {
    return new Result(Outcome.FAILED, "systemctl show " + unit + ": " + answer.text);
  }

  private static Answer run(Duration limit, String... arguments)
      throws IOException, InterruptedException {
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
