package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real commands, real signals. */
@Timeout(60)
final class RunCommandTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Trial trial = new Trial();
  private final Path folder;

  RunCommandTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void close() {
    trial.close();
  }

  private Act act(String with) throws Exception {
    return Trial.act(new RunCommand(), with);
  }

  private Performed perform(String with) throws Exception {
    return act(with).perform(trial.task("host", MINUTE));
  }

  @Test
  void aCommandGetsOnlyWhatIsDeclaredAndItsOutputIsKept() throws Exception {
    Performed done =
        perform("{command: [env], directory: /tmp, environment: {COLOUR: red}, grace: 1s}");
    assertEquals(Outcome.DONE, done.outcome(), done.detail());
    assertEquals("env ended with exit status 0", done.detail());
    List<String> names =
        done.output().stream().map(line -> line.split("=", 2)[0]).sorted().toList();
    assertEquals(
        List.of(
            "COLOUR",
            "INCIDENT_ID",
            "INCIDENT_RULE",
            "INCIDENT_SUBJECT",
            "INCIDENT_SYMPTOM",
            "PATH"),
        names);
    assertTrue(done.output().contains("COLOUR=red"));
    assertTrue(done.output().contains("INCIDENT_SUBJECT=host"));
    assertNull(done.undo());
  }

  @Test
  void thereIsNoShell() throws Exception {
    Performed done = perform("{command: [echo, '$(id); `id` > " + folder + "/no * ~']}");
    assertEquals(List.of("$(id); `id` > " + folder + "/no * ~"), done.output());
    assertFalse(Files.exists(folder.resolve("no")));
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "[0]; exit 0; DONE; ended with exit status 0",
        "[0]; exit 3; FAILED; ended with exit status 3",
        "[0, 3]; exit 3; DONE; ended with exit status 3",
        "[3]; exit 0; FAILED; ended with exit status 0",
        "[0]; kill -9 $$; FAILED; was ended by signal 9",
      },
      delimiter = ';')
  void theExitStatusIsJudged(String succeeds, String script, Outcome outcome, String words)
      throws Exception {
    Performed done = perform("{command: [sh, -c, '" + script + "'], succeeds: " + succeeds + "}");
    assertEquals(outcome, done.outcome(), done.detail());
    assertTrue(done.detail().contains(words), done.detail());
  }

  @Test
  void theLastHundredLinesAreKept() throws Exception {
    Performed done = perform("{command: [seq, '1', '100000']}");
    assertEquals(100, done.output().size());
    assertEquals("100000", done.output().getLast());
    assertEquals("99902", done.output().get(1));
    assertTrue(done.output().getFirst().contains("99901 earlier lines"), done.output().getFirst());
  }

  @Test
  void whatDoesNotEndIsEndedWithAllThatItStartedAndItsOutputIsKept() throws Exception {
    // The shell and its child both ignore TERM; the child is in the same session only.
    String script =
        "trap \"\" TERM; echo begun; sh -c \"trap \\\"\\\" TERM; while :; do sleep 600; done\" & while :; do wait; done";
    Performed late =
        act("{command: [sh, -c, '" + script + "'], environment: {MINE: " + folder + "}}")
            .perform(trial.task("host", Duration.ofSeconds(2)));
    assertEquals(Outcome.FAILED, late.outcome(), late.detail());
    assertTrue(late.detail().contains("did not end within 1.3 s and was ended"), late.detail());
    assertEquals(List.of("begun"), late.output());
    assertEquals(List.of(), marked("MINE=" + folder));
  }

  @Test
  void anInterruptedOneIsEndedBeforeTheThreadGoesOn() throws Exception {
    Path begun = folder.resolve("begun");
    Act act =
        act(
            "{command: [sh, -c, 'touch begun; sleep 600'], directory: %s, environment: {MINE: %s}}"
                .formatted(folder, folder));
    FutureTask<Performed> performing =
        new FutureTask<>(() -> act.perform(trial.task("host", MINUTE)));
    Thread thread = Thread.ofVirtual().start(performing);
    while (!Files.exists(begun)) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    assertThrows(Exception.class, performing::get);
    assertEquals(List.of(), marked("MINE=" + folder));
  }

  @Test
  void whatItLeavesRunningIsLeftAndNotWaitedFor() throws Exception {
    Performed done =
        perform(
            "{command: [sh, -c, 'sleep 600 & echo started'], environment: {MINE: " + folder + "}}");
    assertEquals(Outcome.DONE, done.outcome());
    assertEquals(List.of("started"), done.output());
    assertTrue(done.detail().endsWith("; 1 process of it run on"), done.detail());
    List<ProcessHandle> left = marked("MINE=" + folder);
    assertEquals(1, left.size());
    left.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void aCommandThatMayHaveRunIsNotRunAgain() throws Exception {
    Path trace = folder.resolve("trace");
    String with = "{command: [touch, " + trace + "]%s}";
    Performed finished = act(with.formatted("")).finish(trial.task("host", MINUTE));
    assertEquals(Outcome.FAILED, finished.outcome());
    assertTrue(finished.detail().contains("may have been run"), finished.detail());
    assertFalse(Files.exists(trace));
    Performed again = act(with.formatted(", repeatable: true")).finish(trial.task("host", MINUTE));
    assertEquals(Outcome.DONE, again.outcome(), again.detail());
    assertTrue(Files.exists(trace));
  }

  @Test
  void oneThatOutlivedTheAgentIsFoundAndEndedInTime() throws Exception {
    String incident = "019d0000-0000-7000-8000-" + String.format("%012x", System.nanoTime());
    CommandRun run =
        CommandRun.start(List.of("sleep", "600"), Path.of("/"), Map.of("INCIDENT_ID", incident));
    List<String> command = List.of("sleep", "600");
    assertEquals(Optional.empty(), CommandSession.marked("INCIDENT_ID=" + incident, List.of("id")));
    while (CommandSession.marked("INCIDENT_ID=" + incident, command).isEmpty()) {
      Thread.onSpinWait();
    }
    Performed finished =
        act("{command: [sleep, '600'], repeatable: true}")
            .finish(trial.task(incident, "host", Duration.ofSeconds(2), null));
    assertEquals(Outcome.FAILED, finished.outcome());
    assertTrue(finished.detail().contains("was ended, for its time was over"), finished.detail());
    assertEquals(Optional.empty(), CommandSession.marked("INCIDENT_ID=" + incident, command));
    assertEquals(143, run.await(CommandTimes.of(MINUTE, MINUTE)).status().getAsInt());
  }

  @ParameterizedTest
  @CsvSource({
    "sleep 600, sleep 600, true",
    "/bin/sh /usr/local/bin/flush all, flush all, true",
    "/usr/bin/env -S /opt/flush all, /opt/flush all, true",
    "sleep 60, sleep 600, false",
    "nginx: master, flush all, false",
    "flush, flush all, false",
    "a b c flush all, flush all, false",
    "notflush all, flush all, false",
  })
  void aCommandIsKnownByItsArguments(String arguments, String command, boolean same) {
    assertEquals(
        same, CommandSession.runs(List.of(arguments.split(" ")), List.of(command.split(" "))));
  }

  @Test
  void aRehearsalSaysItAndChangesNothing() throws Exception {
    Path trace = folder.resolve("a trace");
    Performed rehearsed =
        act("{command: [touch, '" + trace + "']}").rehearse(trial.task("host", MINUTE));
    assertEquals(Outcome.DONE, rehearsed.outcome());
    assertEquals("would run touch '" + trace + "' in /, for 54.0 s at most", rehearsed.detail());
    assertFalse(Files.exists(trace));
  }

  @Test
  void secretsOfItsArgumentsAreGivenToItAndNotSaid() throws Exception {
    Performed done =
        act("{command: [test, --token=a, =, --token=a]}").perform(trial.task("host", MINUTE));
    assertEquals("test --token=*** = --token=*** ended with exit status 0", done.detail());
  }

  @Test
  void whatCannotBeStartedSaysWhy() throws Exception {
    Path plain = Files.createFile(folder.resolve("plain"));
    Path wrong = Files.writeString(folder.resolve("wrong"), "#!/nowhere/sh\n");
    assertTrue(wrong.toFile().setExecutable(true));
    assertTrue(perform("{command: [no-such-program]}").detail().startsWith("there is no program"));
    Performed refused = perform("{command: [" + plain + "]}");
    assertEquals(plain + " is not a file that the agent may execute", refused.detail());
    Performed gone = perform("{command: [ls], directory: " + folder.resolve("none") + "}");
    assertTrue(gone.detail().endsWith("none does not exist"), gone.detail());
    Performed interpreter = perform("{command: [" + wrong + "]}");
    assertEquals(Outcome.FAILED, interpreter.outcome());
    assertTrue(interpreter.output().getFirst().contains("No such file"), interpreter.toString());
  }

  @Test
  void itIsTakenBackByTheDeclaredCommand() throws Exception {
    Path trace = folder.resolve("trace");
    Act act = act("{command: [touch, %s], undo: [rm, %s]}".formatted(trace, trace));
    Performed done = act.perform(trial.task("host", MINUTE));
    assertEquals("rm " + trace, done.undo());
    assertEquals(Outcome.DONE, act.undo(trial.task("host", MINUTE), "rm " + trace).outcome());
    assertFalse(Files.exists(trace));
    assertEquals(
        Outcome.REFUSED, act("{command: [ls]}").undo(trial.task("host", MINUTE), "x").outcome());
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "{}; names no program",
        "{command: [ls], directory: var}; is not absolute",
        "{command: [ls], environment: {a-b: 1}}; is not the name of a variable",
        "{command: [ls], succeeds: [256]}; is no exit status",
        "{command: [ls], grace: 1d}; is not a duration",
        "{command: [ls], shell: true}; is not a known key",
      },
      delimiter = ';')
  void whatIsWrongIsSaid(String with, String words) {
    String wrong = Trial.wrong(new RunCommand(), with);
    assertTrue(wrong.contains(words), wrong);
  }

  private static List<ProcessHandle> marked(String variable) {
    return ProcessHandle.allProcesses()
        .filter(process -> environment(process).contains(variable))
        .toList();
  }

  private static String environment(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "environ"),
          java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (java.io.IOException goneOrNotAllowed) {
      return "";
    }
  }
}
