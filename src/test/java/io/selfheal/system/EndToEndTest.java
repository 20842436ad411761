package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.system.Healed.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One agent, and every symptom that comes with it: caused for real, seen within its stated time,
 * healed by the ladder of its rule, and verified. The faults are caused side by side, and beside
 * each is what looks alike and is none.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("alone")
class EndToEndTest {
  private Path directory;
  private Premises premises;
  private AgentUnderTest agent;
  private Healed healed;
  private final Map<String, Instant> caused = new HashMap<>();
  private long found;
  private long deployed;
  private long crashing;
  private long hung;
  private long probed;
  private long silent;
  private long stalled;
  private long frozen;
  private long leaky;
  private long pooler;
  private long hoarder;
  private long holder;
  private long held;
  private long burner;
  private Optional<Process> stress = Optional.empty();

  @BeforeAll
  void causeAll(@TempDir Path home) throws Exception {
    directory = home;
    premises = new Premises(directory);
    agent = premises.agent;
    healed = new Healed(agent);
    premises.startFound();
    found = premises.foundPid();
    agent.startReady();
    for (String worker :
        List.of("deployed", "hung", "busy", "probed", "silent", "stalled", "images", "pooler")) {
      agent.awaitWorker(worker + ".1");
    }
    agent.await("the one from elsewhere is found", () -> Healed.runs(agent, "found", found));
    agent.await("they beat", () -> agent.instance("stalled.1").path("jobs").size() == 1);
    agent.await("they beat", () -> agent.instance("silent.1").path("jobs").size() == 1);
    agent.await("bills are read", () -> Healed.counted(agent, "bills"));
    premises.rule();
    for (String rule : List.of("hung", "busy", "probed")) {
      agent.await(rule + " answers", () -> Healed.presence(agent, rule).equals("absent"));
    }
    looksAlike();
    faults();
  }

  private void faults() throws Exception {
    now("lost");
    Premises.signal("KILL", found);
    now("crashes");
    Files.writeString(directory.resolve("crashing.conf"), "bad\n");
    crashing = premises.pid("crashing");
    Premises.signal("KILL", crashing);
    now("hung");
    hung = premises.sicken("hung");
    now("probed");
    probed = premises.pid("probed");
    Premises.signal("USR1", probed);
    now("silent");
    silent = premises.sicken("silent");
    now("stalled");
    stalled = premises.sicken("stalled");
    now("frozen");
    frozen = premises.pid("frozen");
    Premises.signal("STOP", frozen);
    now("leak");
    leaky = premises.sicken("leaky");
    now("backlog");
    premises.sicken("images");
    premises.execute("INSERT INTO images (state) SELECT 'ready' FROM generate_series(1, 3000)");
    now("full_disk");
    premises.disk.write("cache/old", 1 << 20);
    premises.disk.write("cache/older", (3 << 20) - 100_000);
    now("models");
    Files.write(directory.resolve("models/a.bin"), new byte[] {0});
    now("bills_away");
    pooler = premises.sicken("pooler");
    now("connections");
    hoarder = premises.sicken("hoarder");
    now("held");
    holder = premises.pid("holder");
    held = hold("held", holder);
    if (premises.hasGroups()) {
      now("memory");
      premises.sicken("cramped");
      premises.sicken("roomy");
    }
  }

  private void now(String rule) {
    caused.put(rule, Instant.now());
  }

  private long hold(String table, long pid) throws Exception {
    return Long.parseLong(
        premises.text(
            "INSERT INTO %s (state, holder, started_at) VALUES ('running', '%s:%d', now()) RETURNING id"
                .formatted(table, AgentUnderTest.host(), pid)));
  }

  /** What is no symptom, though it looks like one. */
  private void looksAlike() throws Exception {
    deployed = premises.pid("deployed");
    // It takes six seconds to start, and is not asked for an answer before.
    Premises.signal("TERM", premises.pid("late"));
    premises.half.write("known", 2_800_000);
    premises.lay("release", "a.bin", "two");
    premises.sicken("spiky");
    hold("images", premises.pid("images"));
    premises.execute("INSERT INTO mails (state) SELECT 'ready' FROM generate_series(1, 3000)");
    pause(premises.pid("busy"));
  }

  /** Shorter than what counts, such as that of a collector of garbage. */
  private static void pause(long pid) throws Exception {
    Premises.signal("STOP", pid);
    Await.moment(Duration.ofMillis(1200));
    Premises.signal("CONT", pid);
  }

  @AfterAll
  void end() throws Exception {
    stress.ifPresent(Process::destroy);
    if (premises != null) {
      premises.close();
    }
  }

  private Fault fault(String rule, String symptom, String subject, long statedSeconds) {
    return new Fault(
        rule,
        symptom,
        subject,
        caused.getOrDefault(rule, Instant.EPOCH),
        Duration.ofSeconds(statedSeconds));
  }

  private Fault of(String rule, String symptom, long statedSeconds) {
    return fault(rule, symptom, "worker/" + rule + ".1", statedSeconds);
  }

  /** What a person does: TERM; the next one runs soon. Three times in a row. */
  @Test
  @Order(1)
  void aPersonRestartsAWorkerThrice() throws Exception {
    long before = deployed;
    for (int i = 0; i < 3; i++) {
      long old = before;
      Premises.signal("TERM", old);
      agent.await("the next one runs", () -> premises.pid("deployed") != old);
      before = premises.pid("deployed");
    }
  }

  @Test
  @Order(2)
  void aFullDisk() throws Exception {
    String mount = "mount" + premises.disk.path;
    healed.by(fault("full_disk", "low_disk", mount, 4), "clear_cache");
    assertFalse(Files.exists(premises.disk.path.resolve("cache/old")), "the oldest goes");
  }

  @Test
  @Order(3)
  void aBrokenFile() throws Exception {
    Path file = directory.resolve("models/a.bin");
    healed.by(fault("models", "corrupt_file", "file" + file, 3), "restore_file");
    byte[] good = "model".repeat(1000).getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(good, Files.readAllBytes(file), "byte by byte");
  }

  @Test
  @Order(4)
  void aHungWorker() throws Exception {
    healed.by(of("hung", "worker_unresponsive", 8), "restart_worker");
    assertNotEquals(hung, premises.pid("hung"));
    assertTrue(ProcessHandle.of(hung).isEmpty());
  }

  @Test
  @Order(5)
  void aWorkerWhoseCommandSaysThatItIsIll() throws Exception {
    healed.by(of("probed", "worker_unresponsive", 8), "restart_worker");
    assertNotEquals(probed, premises.pid("probed"));
  }

  @Test
  @Order(6)
  void aWorkerWithoutProgress() throws Exception {
    healed.by(of("stalled", "worker_unresponsive", 6), "restart_worker");
    assertNotEquals(stalled, premises.pid("stalled"));
  }

  /** The built-in healing sees to it as well: it is started again once. */
  @Test
  @Order(7)
  void aSilentWorker() throws Exception {
    healed.beside(of("silent", "worker_unresponsive", 9));
    assertNotEquals(silent, premises.pid("silent"));
    assertEquals(2, healed.starts("silent.1"));
  }

  @Test
  @Order(8)
  void aFrozenWorker() throws Exception {
    healed.beside(of("frozen", "worker_frozen", 3));
    assertNotEquals(frozen, premises.pid("frozen"));
    assertEquals(2, healed.starts("frozen.1"));
  }

  @Test
  @Order(9)
  void aWorkerThatIsLost() throws Exception {
    Fault lost = fault("lost", "worker_lost", "worker/found@" + found, 6);
    healed.by(lost, "run_command");
    long now = premises.foundPid();
    assertNotEquals(found, now);
    assertTrue(Healed.runs(agent, "found", now));
  }

  @Test
  @Order(10)
  void aWorkerThatCrashesAgainAndAgain() throws Exception {
    Fault crashes = fault("crashes", "crash_loop", "worker/crashing.1", 6);
    healed.by(crashes, "run_command");
    assertEquals("good\n", Files.readString(directory.resolve("crashing.conf")));
    assertNotEquals(crashing, premises.pid("crashing"));
  }

  @Test
  @Order(11)
  void aServiceThatIsDown() throws Exception {
    Fault away = fault("bills_away", "service_down", "service/source_bills", 10);
    healed.by(away, "restart_worker");
    assertNotEquals(pooler, premises.pid("pooler"));
    assertEquals("absent", Healed.presence(agent, "bills_away"));
  }

  @Test
  @Order(12)
  void aDatabaseThatHasFewConnectionsLeft() throws Exception {
    Fault few = fault("connections", "database_sick", "service/database", 8);
    healed.by(few, "restart_worker");
    assertNotEquals(hoarder, premises.pid("hoarder"));
  }

  @Test
  @Order(13)
  void aJobThatIsStuckInALiveWorker() throws Exception {
    healed.by(fault("held", "job_stuck", "source/held", 5), "restart_worker");
    assertNotEquals(holder, premises.pid("holder"));
    String state = "SELECT state FROM held WHERE id = " + held;
    agent.await("its job is ready again", () -> premises.text(state).equals("ready"));
  }

  /** It goes on while the next faults are healed; both are for a host that has more to do. */
  @Test
  @Order(14)
  void theProcessorsAreBusy() throws Exception {
    stress = Premises.stress(60);
    now("burns");
    burner = premises.sicken("burner");
    assumeTrue(stress.isPresent(), "skipped: stress-ng is not installed");
  }

  @Test
  @Order(16)
  void aJobOnWhichWorkersDie() throws Exception {
    long job = hold("jobs", premises.pid("fatal"));
    for (int i = 0; i < 2; i++) {
      long old = premises.pid("fatal");
      Premises.signal("KILL", old);
      String next = i == 0 ? "ready" : "dead";
      agent.await("it is taken from the dead", () -> state(job).equals(next));
      agent.await("the next one runs", () -> premises.pid("fatal") != old);
      if (i == 0) {
        premises.execute(
            "UPDATE jobs SET state = 'running', attempts = 2, started_at = now(), holder = '%s:%d'"
                .formatted(AgentUnderTest.host(), premises.pid("fatal")));
      }
    }
    JsonNode told = healed.over("poison", "job/jobs/" + job);
    assertEquals("escalated", told.path("state").asText(), told.toString());
    assertTrue(Files.exists(directory.resolve("told")));
  }

  private String state(long job) throws Exception {
    return premises.text("SELECT state FROM jobs WHERE id = " + job);
  }

  @Test
  @Order(15)
  void aWorkerThatBurnsProcessors() throws Exception {
    assumeTrue(stress.isPresent(), "skipped: without stress-ng nobody waits for processors here");
    agent.await(
        "it is throttled",
        () -> premises.quota("burner").isPresent() || healed.done("burns", "throttle_worker"));
    Optional<String> quota = premises.quota("burner");
    healed.by(fault("burns", "high_cpu", "worker/burner.1", 30), "throttle_worker");
    premises.cure(burner);
    assertEquals(Optional.empty(), premises.quota("burner"), "it is lifted");
    assumeTrue(
        quota.isPresent(),
        "skipped: this host has no control groups of processors that may be made: the worker got a"
            + " lower priority");
    assertEquals("3000", quota.orElseThrow(), "microseconds of 100000");
  }

  @Test
  @Order(17)
  void aWorkerThatLeaks() throws Exception {
    Fault leak = fault("leak", "resource_leak", "worker/leaky.1", 45);
    healed.by(leak, "restart_worker");
    assertNotEquals(leaky, premises.pid("leaky"));
  }

  @Test
  @Order(18)
  void jobsThatPileUp() throws Exception {
    Fault backlog = fault("backlog", "queue_backlog", "source/images", 40);
    healed.by(backlog, "scale_worker");
    assertEquals("0", premises.text("SELECT count(*) FROM images WHERE state = 'ready'"));
    agent.await("as many as before", () -> agent.processesOf("images.2").isEmpty());
  }

  @Test
  @Order(19)
  void aGroupThatLacksMemory() throws Exception {
    assumeTrue(
        premises.hasGroups(),
        "skipped: this host does not let the test make such a control group: it needs root, a"
            + " writable hierarchy below /sys/fs/cgroup, and pressure information");
    healed.by(fault("memory", "memory_pressure", "worker/cramped.1", 30), "run_command");
    assertEquals("268435456", Files.readString(premises.limit()).strip());
  }

  /** What looks alike opened nothing, and no fault was seen twice. */
  @Test
  @Order(20)
  void nothingElseIsSeen() throws Exception {
    if (stress.isPresent()) {
      assertEquals(0, stress.get().waitFor(), "stress-ng has run to its end");
    }
    assertEquals(healed.expected(), healed.seen(), agent::log);
  }
}
