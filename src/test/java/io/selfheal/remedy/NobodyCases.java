package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.container.Cases;
import io.selfheal.container.Systemd;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Subject;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import io.selfheal.worker.WorkerConfig.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.function.Executable;

/** Remedies by a user who may not do what they are to do, in a container, see {@link UnitsTest}. */
final class NobodyCases implements Cases {
  private static final Path FILES = Path.of("/srv/files");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Workshop shop;

  NobodyCases() throws Exception {
    shop =
        new Workshop(
            Files.createTempDirectory("nobody"),
            Workshop.worker("roots", new Way.Unit("roots.service")),
            Workshop.worker("found", new Way.Command(Pattern.compile("^/bin/sleep 100777$"))));
  }

  /** What root has to lay out before. */
  static void prepare() throws Exception {
    Systemd.unit("foreign", "ExecStart=/bin/sleep 100777\n");
    Systemd.unit("roots", "ExecStart=/bin/sleep 100000\n");
    Systemd.run("daemon-reload");
    Systemd.run("start", "foreign.service", "roots.service");
    laid("cache", "rwxr-xr-x", "old.bin", "rw-r--r--");
    laid("hidden", "rwx------", "old.bin", "rw-r--r--");
    laid("logs", "rwxrwxrwx", "a.log", "rw-------");
    Files.writeString(FILES.resolve("logs/b.log"), "anybody may read it");
    laid("archives", "rwxrwxrwx", "other", "rw-r--r--");
    laid("good", "rwxr-xr-x", "model.bin", "rw-------");
    laid("models", "rwxrwxrwx", "model.bin", "rw-rw-rw-");
    Files.writeString(FILES.resolve("models/model.bin"), "broken");
    laid("bin", "rwxr-xr-x", "mend", "rwx------");
  }

  private static void laid(String directory, String open, String file, String may)
      throws Exception {
    Path made = Files.createDirectories(FILES.resolve(directory));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(open));
    Files.writeString(made.resolve(file), "of root");
    Files.setPosixFilePermissions(made.resolve(file), PosixFilePermissions.fromString(may));
  }

  @Override
  public Map<String, Executable> all() {
    Map<String, Executable> all = new LinkedHashMap<>();
    all.put("nobodyMayNotRestartAUnit", this::restart);
    all.put("nobodyMayNotThrottleAUnit", this::throttle);
    all.put("nobodyMayNotScaleATemplate", this::scale);
    all.put("nobodyMayNotEndTheProcessOfAnother", this::stop);
    all.put("nobodyMayNotThrottleTheProcessOfAnother", this::weaker);
    all.put("nobodyMayNotClearTheCacheOfAnother", this::clear);
    all.put("nobodyMayNotClearWhatHeMayNotList", this::list);
    all.put("nobodyMayNotArchiveWhatHeMayNotRead", this::archive);
    all.put("nobodyMayNotRestoreFromWhatHeMayNotRead", this::restore);
    all.put("nobodyMayNotRunTheCommandOfAnother", this::command);
    return all;
  }

  @Override
  public void close() {
    shop.trial.close();
  }

  private Task task(String worker) {
    Instance instance =
        Systemd.await(
            worker + " is found",
            () -> shop.instances(worker).stream().filter(one -> one.process() != null).findFirst(),
            () -> shop.instances(worker).toString());
    ProcessIdentity process = Objects.requireNonNull(instance.process());
    return shop.trial.task(Trial.INCIDENT, "worker/" + instance.instance(), MINUTE, process);
  }

  private static void is(Outcome outcome, Performed done, String... words) {
    assertEquals(outcome, done.outcome(), done.toString());
    for (String word : words) {
      assertTrue(done.toString().contains(word), done.toString());
    }
  }

  private void restart() throws Exception {
    Performed done = Trial.act(new RestartWorker(), "{}").perform(task("roots"));
    is(Outcome.FAILED, done, "let polkit allow it, or run the agent as root");
    assertEquals("active", Systemd.show("roots", "ActiveState"));
  }

  private void throttle() throws Exception {
    Performed done = Trial.act(new ThrottleWorker(), "{cores: 0.5}").perform(task("roots"));
    is(Outcome.FAILED, done, "let polkit allow it, or run the agent as root");
    assertEquals("infinity", Systemd.show("roots", "CPUQuotaPerSecUSec"));
  }

  private void scale() throws Exception {
    Performed done =
        Trial.act(new ScaleWorker(), "{template: many@.service, max: 3}")
            .perform(shop.trial.task("host", MINUTE));
    is(Outcome.FAILED, done, "let polkit allow it, or run the agent as root");
  }

  private void stop() throws Exception {
    Task task = task("found");
    Performed done = Trial.act(new StopWorker(), "{}").perform(task);
    is(Outcome.FAILED, done, "belongs to another user", "or give it CAP_KILL");
    assertEquals("active", Systemd.show("foreign", "ActiveState"));
  }

  private void weaker() throws Exception {
    Performed done = Trial.act(new ThrottleWorker(), "{cores: 0.5}").perform(task("found"));
    is(Outcome.REFUSED, done, "give it CAP_SYS_NICE");
  }

  private static Task files() {
    return Tasks.later(Duration.ofDays(30), MINUTE);
  }

  private void clear() throws Exception {
    Act act =
        Tasks.act(
            new ClearCache(Tasks.BROAD),
            "{roots: [%s/cache], globs: [\"*.bin\"], min_age: 0s, keep: 0B, by: modified, unseen: ignore}"
                .formatted(FILES));
    Performed done = act.perform(files());
    is(
        Outcome.FAILED,
        done,
        "cache/old.bin cannot be removed: may not be used by the agent's user");
    assertTrue(Files.exists(FILES.resolve("cache/old.bin")));
  }

  private void list() throws Exception {
    Act act =
        Tasks.act(
            new ClearCache(Tasks.BROAD),
            "{roots: [%s/hidden], globs: [\"*.bin\"], keep: 0B, unseen: ignore}".formatted(FILES));
    Performed done = act.perform(files());
    is(Outcome.FAILED, done, "files/hidden may not be used by the agent's user");
  }

  private void archive() throws Exception {
    Act act =
        Tasks.act(
            new ArchiveFiles(Tasks.BROAD),
            "{roots: [%1$s/logs], globs: [\"*.log\"], to: %1$s/archives, keep_free: 0B, unseen: ignore}"
                .formatted(FILES));
    Performed done = act.perform(files());
    is(Outcome.FAILED, done, "logs/a.log: may not be used by the agent's user");
    assertTrue(Files.exists(FILES.resolve("logs/a.log")));
  }

  private void restore() throws Exception {
    Performed done =
        Tasks.act(
                new RestoreFile(Tasks.BROAD),
                "{root: %1$s/models, from: %1$s/good}".formatted(FILES))
            .perform(Tasks.task(Subject.file(FILES.resolve("models/model.bin")), MINUTE));
    is(Outcome.FAILED, done, "good/model.bin may not be used by the agent's user");
    assertEquals("broken", Files.readString(FILES.resolve("models/model.bin")));
  }

  private void command() throws Exception {
    Performed done =
        Trial.act(new RunCommand(), "{command: [%s/bin/mend]}".formatted(FILES))
            .perform(shop.trial.task("host", MINUTE));
    is(Outcome.FAILED, done, "mend is not a file that the agent may execute");
  }
}
