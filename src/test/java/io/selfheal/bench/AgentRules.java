package io.selfheal.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How the agent is told of a yard. It does what it does by default with workers that die or freeze;
 * for the rest it has a rule, where it knows the rule's symptom and remedies.
 */
final class AgentRules {
  private static final String WORKER =
      """
        - name: %s
          run:
            command: [/bin/sh, -c, 'exec %s']
            instances: %d
            on_stop: stop
            stop_grace: 1s
      """;

  /** A run is one remedy, and 20 of them are made a minute. */
  private static final String LIMITS =
      """
      limits: { remedies_per_minute: 1000, storm: { symptoms: 1000 } }
      rules:
      """;

  private static final String HUNG =
      """
        - name: hung
          symptom: worker_unresponsive
          where: { worker: hung, http: "http://%s:%d/", every: 1s, limit: 1s }
          enter: { failures: 1 }
          clear_for: 2s
          ladder: [ { remedy: restart_worker } ]
      """;

  private static final String LOW_DISK =
      """
        - name: low_disk_%4$d
          symptom: low_disk
          where: { mount: %1$s }
          enter: { used: %2$d%% }
          leave: { used: %3$d%% }
          clear_for: 2s
          ladder: [ { remedy: clear_cache, with: { roots: [%1$s], globs: ["cache-*.bin"], until: 50%%, min_age: 0s } } ]
      """;

  private static final int BAD_CONFIGURATION = 78;

  private final Yard yard;
  private final Set<Fault> can = EnumSet.of(Fault.KILLED, Fault.CRASHING, Fault.FROZEN);
  private final List<String> settings = new ArrayList<>();
  private final StringBuilder rules = new StringBuilder();

  private AgentRules(Yard yard) {
    this.yard = yard;
  }

  /** Asks the agent itself which rules it knows. */
  static AgentRules of(Yard yard) throws IOException, InterruptedException {
    AgentRules all = new AgentRules(yard);
    all.settings.add(
        "Selfheal: agent.sh run, all of section healing by default (verify_for 2s, frozen_after 3s,"
            + " restart backoff 1s, doubled); limits of remedies a minute and of storms raised");
    all.settings.add(
        "  detected: incident.opened; verifies itself: the new process runs for verify_for, or the"
            + " symptom is measured gone for clear_for 2s (incident.closed)");
    all.add(
        Fault.HUNG,
        HUNG.formatted(Yard.address("{number}"), yard.port(Fault.HUNG)),
        "worker_unresponsive by http every 1s, limit 1s, 1 failure; restart_worker");
    if (yard.hasDisks()) {
      all.add(
          Fault.LOW_DISK, lowDisks(yard), "low_disk at 90%, gone at 85%; clear_cache until 50%");
    }
    return all;
  }

  /** The roots of one remedy are on one file system. */
  private static String lowDisks(Yard yard) {
    StringBuilder all = new StringBuilder();
    for (int number = 1; number <= yard.instances(); number++) {
      Path mount = yard.disk("" + number);
      all.append(LOW_DISK.formatted(mount, SmallDisk.LOW_PERCENT, SmallDisk.WELL_PERCENT, number));
    }
    return all.toString();
  }

  private void add(Fault fault, String rule, String words)
      throws IOException, InterruptedException {
    String complaint = check(rule);
    if (complaint.isEmpty()) {
      can.add(fault);
      rules.append(rule);
      settings.add("  " + fault.title() + ": " + words);
    } else {
      settings.add("  left out: " + fault.title() + ", which this agent has no rule for:");
      complaint.lines().limit(4).forEach(line -> settings.add("    " + line));
    }
  }

  /** What the agent says against a rule; empty when it takes it. */
  private String check(String rule) throws IOException, InterruptedException {
    Path place = Files.createDirectory(yard.directory().resolve("check"));
    Path file = new HouseConfig(workers(Set.of(Fault.HUNG)), LIMITS + rule, 0).write(place, 0);
    Path home = Path.of(System.getProperty("selfheal.home", "")).toAbsolutePath();
    Process check =
        new ProcessBuilder(home.resolve("agent.sh").toString(), "check", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = check.waitFor();
    Files.delete(place.resolve("rules.yaml"));
    Files.delete(file);
    Files.delete(place);
    if (status != 0 && status != BAD_CONFIGURATION) {
      throw new IOException("the agent could not be asked about its rules; it said:\n" + said);
    }
    return status == 0 ? "" : said.replace(place + "/", "").strip();
  }

  private String workers(Set<Fault> faults) {
    StringBuilder text = new StringBuilder("workers:\n");
    for (Fault fault : faults) {
      if (fault.ofWorkers()) {
        String command = yard.command(fault, "${SELFHEAL_INSTANCE##*.}");
        text.append(WORKER.formatted(fault.worker(), command, yard.instances()));
      }
    }
    return text.toString();
  }

  Set<Fault> can() {
    return can;
  }

  List<String> settings() {
    return settings;
  }

  HouseConfig config() {
    long faults = can.stream().filter(Fault::ofWorkers).count();
    String file = rules.isEmpty() ? "" : LIMITS + rules;
    return new HouseConfig(workers(can), file, (int) faults * yard.instances());
  }
}
