package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.container.Cases;
import io.selfheal.container.Systemd;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import io.selfheal.worker.WorkerConfig;
import io.selfheal.worker.WorkerConfig.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.function.Executable;

/** Remedies of workers on real units of a real systemd, in a container, see {@link UnitsTest}. */
final class UnitCases implements Cases {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String SLEEP = "ExecStart=/bin/sleep 100000\n";

  /** Each is a worker, of the unit of that name. */
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("plain", SLEEP),
          Map.entry("lost", SLEEP),
          Map.entry("again", SLEEP + "Restart=always\nRestartSec=0\n"),
          Map.entry("looping", SLEEP + "Restart=always\nRestartSec=0\n"),
          Map.entry("masked", SLEEP),
          Map.entry("veiled", SLEEP),
          Map.entry("vanished", SLEEP),
          Map.entry(
              "deaf",
              "ExecStart=/bin/sh -c \"trap '' TERM; exec sleep 100000\"\nTimeoutStopSec=10min\n"),
          Map.entry(
              "slow",
              "ExecStart=/bin/sh -c \"trap '' TERM; exec sleep 100000\"\nTimeoutStopSec=1s\n"),
          Map.entry("broken", "ExecStart=/bin/sh -c '[ ! -e /run/broken ] && exec sleep 100000'\n"),
          Map.entry(
              "unready",
              "Type=notify\nNotifyAccess=all\nTimeoutStartSec=1s\n"
                  + "ExecStart=/bin/sh -c '[ -e /run/broken ] || systemd-notify --ready;"
                  + " exec sleep 100000'\n"),
          Map.entry("frozen", SLEEP),
          Map.entry("hungry", SLEEP),
          Map.entry("person", SLEEP),
          Map.entry("stopped", SLEEP));

  private final Workshop shop;
  private final Greedy greedy = Greedy.make();
  private final Queue<WorkerEvent.Lost> lost = new ConcurrentLinkedQueue<>();

  UnitCases() throws Exception {
    NobodyCases.prepare();
    Map<String, String> units = new TreeMap<>(UNITS);
    units.put("greedy", greedy.service());
    for (Map.Entry<String, String> unit : units.entrySet()) {
      Systemd.unit(unit.getKey(), unit.getValue());
    }
    Systemd.unit("many@", SLEEP);
    Systemd.run("daemon-reload");
    for (String name : units.keySet()) {
      Systemd.run("start", "--no-block", name);
    }
    shop =
        new Workshop(
            Files.createTempDirectory("units"),
            units.keySet().stream().map(UnitCases::worker).toArray(WorkerConfig[]::new));
    shop.trial.bus.onEvent(
        event -> {
          if (event instanceof WorkerEvent.Lost one) {
            lost.add(one);
          }
        });
  }

  private static WorkerConfig worker(String name) {
    return Workshop.worker(name, new Way.Unit(name + ".service"));
  }

  @Override
  public Map<String, Executable> all() {
    Map<String, Executable> all = new LinkedHashMap<>();
    all.put("aUnitIsRestartedOnceAndItsJobAwaited", this::restarted);
    all.put("aUnitWhoseProcessIsLostIsBroughtBack", this::broughtBack);
    all.put("whatSystemdBroughtBackIsLetBe", this::letBe);
    all.put("whatAPersonRestartedIsNotRestartedAgain", this::byAPerson);
    all.put("aMaskedUnitIsRefused", this::masked);
    all.put("aUnitThatRunsAndIsMaskedIsRefusedAndRunsOn", this::veiled);
    all.put("anUnknownUnitIsRefused", this::unknown);
    all.put("aUnitThatHangsInStopFailsInTime", this::hangs);
    all.put("aUnitThatIsSlowToStopIsRestarted", this::slow);
    all.put("aUnitThatEndsAtItsStartFails", this::endsAtStart);
    all.put("aUnitThatIsNeverReadyFails", this::neverReady);
    all.put("aFrozenUnitIsRestartedOrSaysHowToThawIt", this::frozen);
    all.put("aUnitIsThrottledAndLetGo", this::throttled);
    all.put("aTemplateIsScaledWithinItsBoundsAndBack", this::scaled);
    all.put("aUnitIsStoppedAndStartedAgain", this::stopped);
    all.put("aUnitThatIsMeantItselfIsStoppedWhicheverProcessItHas", this::whichever);
    all.put("aUnitThatIsKilledForMemoryIsToldAndBroughtBack", this::killedForMemory);
    return all;
  }

  @Override
  public void close() {
    shop.close();
    greedy.close();
  }

  private Instance seen(String worker, Predicate<Instance> wanted) {
    return Systemd.await(
        worker + " is as wanted",
        () -> shop.instances(worker).stream().filter(wanted).findFirst(),
        () -> shop.instances(worker).toString());
  }

  private Instance running(String worker) {
    return seen(worker, one -> one.process() != null && one.liveness() == Liveness.RUNNING);
  }

  private static ProcessIdentity process(Instance instance) {
    return Objects.requireNonNull(instance.process());
  }

  private Task task(Instance instance, Duration deadline) {
    return shop.trial.task(
        Trial.INCIDENT, "worker/" + instance.instance(), deadline, process(instance));
  }

  private Performed perform(Remedy remedy, String with, Instance instance) throws Exception {
    return Trial.act(remedy, with).perform(task(instance, MINUTE));
  }

  private static void is(Outcome outcome, Performed done, String... words) {
    assertEquals(outcome, done.outcome(), done.detail());
    for (String word : words) {
      assertTrue(done.detail().contains(word), done.detail());
    }
  }

  private static void killed(Instance instance) {
    ProcessHandle.of(process(instance).pid()).orElseThrow().destroyForcibly();
  }

  /** It is active, with another process than before, and that is the one the agent sees. */
  private void fresh(String unit, Instance before) throws Exception {
    assertEquals("active", Systemd.show(unit, "ActiveState"));
    long pid = Long.parseLong(Systemd.show(unit, "MainPID"));
    assertNotEquals(process(before).pid(), pid);
    assertEquals(pid, process(running(unit)).pid());
  }

  private void restarted() throws Exception {
    Instance before = running("plain");
    Act act = Trial.act(new RestartWorker(), "{}");
    Task task = task(before, MINUTE);
    is(Outcome.DONE, act.rehearse(task), "would run systemctl restart plain.service");
    assertEquals(process(before), process(running("plain")), "a rehearsal changes nothing");
    is(Outcome.DONE, act.perform(task), "it is active (running)");
    fresh("plain", before);
    Instance after = running("plain");
    is(Outcome.ALREADY_DONE, act.perform(task));
    is(Outcome.ALREADY_DONE, act.finish(task));
    assertEquals(process(after), process(running("plain")), "done once");
  }

  private void broughtBack() throws Exception {
    Instance before = running("lost");
    killed(before);
    seen("lost", one -> one.liveness() == Liveness.LOST);
    is(Outcome.DONE, perform(new RestartWorker(), "{}", before), "has failed (signal)");
    fresh("lost", before);
  }

  private void letBe() throws Exception {
    Instance before = running("again");
    killed(before);
    Systemd.await("again", "NRestarts", "1");
    Systemd.await("again", "ActiveState", "active");
    String pid = Systemd.show("again", "MainPID");
    is(Outcome.ALREADY_DONE, perform(new RestartWorker(), "{}", before));
    assertEquals(pid, Systemd.show("again", "MainPID"), "nobody restarted it again");
  }

  private void byAPerson() throws Exception {
    Instance before = running("person");
    Systemd.run("restart", "person.service");
    String pid = Systemd.show("person", "MainPID");
    is(Outcome.ALREADY_DONE, perform(new RestartWorker(), "{}", before));
    assertEquals(pid, Systemd.show("person", "MainPID"));
  }

  private void masked() throws Exception {
    Instance before = running("masked");
    killed(before);
    Systemd.await("masked", "ActiveState", "failed");
    Systemd.mask("masked");
    is(
        Outcome.REFUSED,
        perform(new RestartWorker(), "{}", before),
        "systemctl unmask masked.service");
    assertNotEquals("active", Systemd.show("masked", "ActiveState"));
  }

  private void veiled() throws Exception {
    Instance before = running("veiled");
    Systemd.mask("veiled");
    is(
        Outcome.REFUSED,
        perform(new RestartWorker(), "{}", before),
        "systemctl unmask veiled.service");
    assertEquals(process(before), process(running("veiled")));
  }

  private void unknown() throws Exception {
    Instance before = running("vanished");
    Systemd.remove("vanished");
    killed(before);
    Systemd.run("reset-failed");
    Systemd.await("vanished", "LoadState", "not-found");
    is(Outcome.REFUSED, perform(new RestartWorker(), "{}", before), "is not known to systemd");
  }

  private void hangs() throws Exception {
    Instance before = running("deaf");
    Performed done =
        Trial.act(new RestartWorker(), "{}").perform(task(before, Duration.ofSeconds(4)));
    is(Outcome.FAILED, done, "no answer within", "systemctl list-jobs");
    assertEquals(process(before), process(running("deaf")));
  }

  private void slow() throws Exception {
    Instance before = running("slow");
    is(Outcome.DONE, perform(new RestartWorker(), "{}", before));
    fresh("slow", before);
  }

  private void endsAtStart() throws Exception {
    Files.writeString(Path.of("/run/broken"), "");
    Instance before = running("broken");
    is(Outcome.FAILED, perform(new RestartWorker(), "{}", before), "journalctl -u broken.service");
    assertEquals("failed", Systemd.show("broken", "ActiveState"));
  }

  private void neverReady() throws Exception {
    Files.writeString(Path.of("/run/broken"), "");
    Instance before = running("unready");
    is(Outcome.FAILED, perform(new RestartWorker(), "{}", before), "unready.service");
    assertEquals("failed", Systemd.show("unready", "ActiveState"));
  }

  private void frozen() throws Exception {
    Path freezer = Systemd.group(process(running("frozen")).pid()).resolve("cgroup.freeze");
    Files.writeString(freezer, "1");
    Instance before =
        seen("frozen", one -> one.process() != null && one.liveness() == Liveness.FROZEN);
    is(Outcome.DONE, perform(new RestartWorker(), "{}", before));
    fresh("frozen", before);
  }

  private void throttled() throws Exception {
    Instance hungry = running("hungry");
    String free = Systemd.show("hungry", "CPUQuotaPerSecUSec");
    Act act = Trial.act(new ThrottleWorker(), "{cores: 0.25, cpu_weight: 20}");
    Task task = task(hungry, MINUTE);
    Performed done = act.perform(task);
    is(Outcome.DONE, done, "CPUQuota=25%", "CPUWeight=20");
    assertEquals("250ms", Systemd.show("hungry", "CPUQuotaPerSecUSec"));
    assertEquals("20", Systemd.show("hungry", "CPUWeight"));
    assertEquals(process(hungry), process(running("hungry")), "it goes on");
    is(Outcome.DONE, act.undo(task, Objects.requireNonNull(done.undo())));
    assertEquals(free, Systemd.show("hungry", "CPUQuotaPerSecUSec"));
    assertEquals("[not set]", Systemd.show("hungry", "CPUWeight"));
    assertTrue(Systemd.dropIns("hungry").isEmpty(), () -> Systemd.dropIns("hungry").toString());
  }

  private void scaled() throws Exception {
    Systemd.run("start", "many@1.service");
    Act act = Trial.act(new ScaleWorker(), "{template: many@.service, by: 5, min: 1, max: 3}");
    Task task = shop.trial.task("host", MINUTE);
    Performed done = act.perform(task);
    is(Outcome.DONE, done, "start many@2.service", "start many@3.service");
    assertEquals(Set.of("many@1.service", "many@2.service", "many@3.service"), many());
    Act fewer = Trial.act(new ScaleWorker(), "{template: many@.service, by: -5, min: 2, max: 3}");
    Task other =
        shop.trial.task(Trial.incident(Instant.ofEpochSecond(1_000_000)), "host", MINUTE, null);
    Performed least = fewer.perform(other);
    is(Outcome.DONE, least, "stop many@3.service");
    assertEquals(Set.of("many@1.service", "many@2.service"), many());
    is(Outcome.DONE, fewer.undo(other, Objects.requireNonNull(least.undo())));
    is(Outcome.DONE, act.undo(task, Objects.requireNonNull(done.undo())));
    assertEquals(Set.of("many@1.service"), many());
    is(Outcome.ALREADY_DONE, act.undo(task, Objects.requireNonNull(done.undo())));
  }

  private static Set<String> many() throws Exception {
    return Systemd.active("many@*.service");
  }

  private void stopped() throws Exception {
    Instance before = running("stopped");
    Act act = Trial.act(new StopWorker(), "{}");
    Task task = task(before, MINUTE);
    Performed done = act.perform(task);
    is(Outcome.DONE, done, "it is inactive (dead)");
    assertEquals("inactive", Systemd.show("stopped", "ActiveState"));
    is(Outcome.ALREADY_DONE, act.perform(task));
    is(Outcome.UNWANTED, perform(new RestartWorker(), "{}", before));
    is(Outcome.DONE, act.undo(task, Objects.requireNonNull(done.undo())));
    fresh("stopped", before);
  }

  /** As one that crashes again and again: the process of now is younger than the incident. */
  private void whichever() throws Exception {
    Instance before = running("looping");
    String incident = Trial.incident(Instant.now());
    Task task = shop.trial.task(incident, "worker/looping", MINUTE, null);
    killed(before);
    Systemd.await("looping", "NRestarts", "1");
    Instance after =
        seen("looping", one -> one.process() != null && !one.process().equals(before.process()));
    Act stop = Trial.act(new StopWorker(), "{}");
    is(Outcome.ALREADY_DONE, stop.finish(task), "is not the process that was seen");
    is(Outcome.DONE, stop.rehearse(task), "would run systemctl stop looping.service");
    assertEquals(process(after), process(running("looping")), "it may have been started since");
    Performed done = stop.perform(task);
    is(Outcome.DONE, done, "after systemctl stop looping.service it is inactive");
    assertEquals("inactive", Systemd.show("looping", "ActiveState"));
    is(Outcome.DONE, stop.undo(task, Objects.requireNonNull(done.undo())));
    fresh("looping", after);
  }

  private void killedForMemory() throws Exception {
    Instance before = running("greedy");
    greedy.eat();
    WorkerEvent.Lost told =
        Systemd.await(
            "its end is told",
            () -> lost.stream().filter(one -> one.worker().equals("greedy")).findFirst(),
            lost::toString);
    assertTrue(told.evidence().contains("killed for memory"), told.evidence());
    assertEquals(WorkerEvent.End.CRASHED, told.end());
    Systemd.await("greedy", "ActiveState", "failed");
    is(Outcome.DONE, perform(new RestartWorker(), "{}", before), "has failed");
    fresh("greedy", before);
  }
}
