package io.selfheal.system;

import io.selfheal.container.Systemd;
import io.selfheal.store.PostgresUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** The units of {@link UnitHealingCases}, and the agent beside them that watches each. */
final class UnitPremises implements AutoCloseable {
  /** The file with the URL of the database. */
  static final String DATABASE = "database";

  /** While it exists, what needs it to be absent ends with status 3. */
  static final Path BROKEN = Path.of("/run/broken");

  /** While it exists, there is work to do. */
  static final Path BURN = Path.of("/run/burn");

  /** While it exists, the slow one does not come past its preparations. */
  static final Path HOLD = Path.of("/run/hold");

  private static final Path HOME = Path.of("").toAbsolutePath();
  private static final String BURNS =
      "burn() { while [ -e /run/burn ]; do :; done; };"
          + " while :; do if [ -e /run/burn ]; then burn & burn & burn; fi; sleep 0.2; done";
  private static final String WAITS = "while :; do sleep 0.1; done";
  private static final String QUITS = "systemd-notify STOPPING=1; exit 1";
  private static final String PREPARES =
      "ExecStartPre=/bin/sh -c 'echo >> /run/starts/slow.prepared;"
          + " while [ -e /run/hold ]; do sleep 0.05; done'";

  private static final long BEAT_NANOS = 500_000_000;

  final AgentUnderTest agent;

  /** Whether the silent one sends no more heartbeats. */
  volatile boolean hushed;

  final PostgresUrl url = PostgresUrl.parse(Files.readString(HOME.resolve(DATABASE)));

  /** Jobs of the unit that is stopped. */
  final JobTable jobs = JobTable.create(url);

  private final Map<String, UnitWorker> units = new LinkedHashMap<>();
  private final Map<String, Long> first = new HashMap<>();

  UnitPremises() throws Exception {
    idle("plain", "masked", "halted", "iced", "stopped", "restarted", "deployed");
    // As a Java program ends on TERM: systemd calls that a failure.
    add(UnitWorker.of("failing", "trap 'exit 143' TERM; " + WAITS));
    add(UnitWorker.of("deaf", "trap '' TERM; exec sleep 100000").with("TimeoutStopSec=1s"));
    add(UnitWorker.idle("itself").with("Restart=on-failure\nRestartSec=0"));
    add(UnitWorker.idle("later").with("Restart=on-failure\nRestartSec=3s"));
    add(
        UnitWorker.of("looping", "[ ! -e /run/broken ] || exit 3; exec sleep 100000")
            .with("Restart=always\nRestartSec=100ms")
            .with("[Unit]\nStartLimitBurst=4\nStartLimitIntervalSec=1min"));
    add(
        UnitWorker.of("crashing", "[ ! -e /run/broken ] || { sleep 1; exit 3; }; exec sleep 100000")
            .with("Restart=always\nRestartSec=100ms")
            .with("[Unit]\nStartLimitIntervalSec=0"));
    add(
        UnitWorker.of(
            "spoiled", "[ ! -e /run/broken ] || { sleep 0.3; exit 3; }; exec sleep 100000"));
    add(UnitWorker.idle("weary").with("Restart=always\nRestartSec=1min"));
    // Systemd keeps what another unit refers to, and forgets the others when they are stopped.
    add(UnitWorker.of("hungry", BURNS).with("[Unit]\nAfter=weary.service"));
    add(UnitWorker.idle("slow").with(PREPARES));
    add(
        UnitWorker.of(
                "quitting", "trap '%s' USR1; systemd-notify --ready; %s".formatted(QUITS, WAITS))
            .with("Type=notify\nNotifyAccess=all"));
    // It never comes to be active.
    add(UnitWorker.of("starting", "trap 'exit 143' TERM; " + WAITS).with("Type=notify"));
    // Of the default signal systemd takes the end for one without an error.
    add(UnitWorker.idle("silent"));
    Systemd.run("daemon-reload");
    for (String name : units.keySet()) {
      Systemd.run("start", "--no-block", name);
    }
    agent = AgentUnderTest.configured(HOME, "beside", config());
    agent.startReady();
    Thread.ofVirtual().start(this::beat);
    for (UnitWorker unit : units.values()) {
      agent.await(unit.name() + " is watched", () -> watched(unit));
      first.put(unit.name(), unit.pid());
    }
  }

  /** The silent one sends heartbeats until it is hushed; its follower always does. */
  private void beat() {
    while (true) {
      try {
        List<Long> started = unit("silent").started();
        if (!started.isEmpty() && (!hushed || started.size() > 1)) {
          String body = "{ \"pid\": %d }".formatted(started.getLast());
          agent.post("/api/v1/workers/silent/heartbeat", body);
        }
      } catch (IOException away) {
        // The agent is killed and started again meanwhile.
      } catch (InterruptedException over) {
        return;
      }
      LockSupport.parkNanos(BEAT_NANOS);
    }
  }

  private void idle(String... names) throws IOException {
    for (String name : names) {
      add(UnitWorker.idle(name));
    }
  }

  private void add(UnitWorker unit) throws IOException {
    unit.write();
    units.put(unit.name(), unit);
  }

  private String config() throws IOException {
    try (InputStream rules = getClass().getResourceAsStream("units-rules.yaml")) {
      Files.write(HOME.resolve("rules.yaml"), Objects.requireNonNull(rules).readAllBytes());
    }
    String workers =
        units.values().stream()
            .map(
                unit ->
                    "  - { name: %s, match: { unit: %s }, frozen_after: 1s%s }\n"
                        .formatted(unit.name(), unit.unit(), beats(unit.name())))
            .collect(Collectors.joining());
    return """
    database: { url: "%s" }
    healing: { verify_for: 1s, restart_limit: { restarts: 3, backoff: 100ms, backoff_max: 1s } }
    workers:
    %s"""
            .formatted(url.reveal(), workers)
        + JobTable.source("worker: stopped,");
  }

  private static String beats(String name) {
    return name.equals("silent") ? ", heartbeat: { every: 1s, grace: 3s }" : "";
  }

  UnitWorker unit(String name) {
    return Objects.requireNonNull(units.get(name));
  }

  /** Whether the agent watches the process that systemd has as the main one. */
  boolean watched(UnitWorker unit) throws Exception {
    long pid = unit.pid();
    return pid > 0 && Healed.runs(agent, unit.name(), pid);
  }

  /** The process that a unit had at first. */
  long pid(String name) {
    return Objects.requireNonNull(first.get(name));
  }

  /** That process, as events and incidents call it. */
  String subject(String name) {
    return "worker/" + name + "@" + pid(name);
  }

  @Override
  public void close() {
    agent.close();
  }
}
