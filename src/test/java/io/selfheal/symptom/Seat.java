package io.selfheal.symptom;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Cpu;
import io.selfheal.message.HostSample.Disk;
import io.selfheal.message.HostSample.Memory;
import io.selfheal.message.HostSample.Pressure;
import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.ProcessSample;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rules;
import io.selfheal.rule.RulesReader;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Symptom;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A detector as a rule makes it, with clocks that are turned by hand and facts that are made up.
 */
final class Seat {
  static final long GIB = 1L << 30;
  static final long MIB = 1L << 20;

  private final Detector detector;
  private final List<Reading> newest = new ArrayList<>();
  private long nanos;

  private Seat(Detector detector) {
    this.detector = detector;
  }

  /** Of a rule that consists of these lines. */
  static Seat of(String... lines) throws BadConfiguration {
    return new Seat(rule(lines).detectors().detector());
  }

  static Rule rule(String... lines) throws BadConfiguration {
    return rules(List.of(lines)).all().getFirst();
  }

  static Rules rules(List<String> lines) throws BadConfiguration {
    String body = lines.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
    return read("rules:\n  - name: it\n" + body);
  }

  static Rules read(String text) throws BadConfiguration {
    return new RulesReader(
            Symptoms.all().stream().collect(Collectors.toMap(Symptom::name, one -> one)), Map.of())
        .read("rules.yaml", text);
  }

  /** A bus that nobody listens to; only one that asks needs it. */
  private static final class Nobody {
    static final Bus BUS = new Bus(Vertx.vertx());
  }

  static Bus nobody() {
    return Nobody.BUS;
  }

  Surroundings around() {
    Time time = new Time(() -> Instant.EPOCH.plusNanos(nanos), () -> nanos);
    return new Surroundings(time, Nobody.BUS, Optional.empty());
  }

  Seat pass(Duration duration) {
    nanos += duration.toNanos();
    return this;
  }

  /** The presence of the only reading that follows; null when none does. */
  @Nullable Presence take(Event event) {
    newest.clear();
    newest.addAll(detector.take(event, around()));
    return newest.isEmpty() ? null : newest.getLast().presence();
  }

  Reading reading() {
    return newest.getLast();
  }

  List<Reading> readings() {
    return List.copyOf(newest);
  }

  /** What is read at every step of a time; the last is what counts at its end. */
  List<Presence> every(Duration step, int times, IntToLongFunction level, Facts facts) {
    List<Presence> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      pass(step);
      Presence presence = take(facts.of(level.applyAsLong(i)));
      if (presence != null) {
        all.add(presence);
      }
    }
    return all;
  }

  /** Makes a fact of a level. */
  @FunctionalInterface
  interface Facts {
    Event of(long level);
  }

  static HostSample host(
      @Nullable Cpu cpu,
      @Nullable Memory memory,
      @Nullable List<Disk> disks,
      @Nullable List<Pressure> pressure) {
    return new HostSample(
        "here", null, cpu, memory, disks, null, null, null, pressure, Map.of("disks", "a reason"));
  }

  static HostEvent.Sampled cpu(double busy, double waiting) {
    return new HostEvent.Sampled(
        host(new Cpu(busy, List.of(busy), 0, 0), null, null, pressures("cpu", waiting, 0)));
  }

  static List<Pressure> pressures(String resource, double some, double full) {
    return List.of(new Pressure(resource, some, some, full, full));
  }

  static HostEvent.Sampled disk(String mount, long total, long usable) {
    return disks(new Disk(mount, "/dev/x", "ext4", total, usable, 1000, 900));
  }

  static HostEvent.Sampled disks(Disk... disks) {
    return new HostEvent.Sampled(host(null, null, List.of(disks), null));
  }

  static HostEvent.Sampled available(long bytes) {
    return new HostEvent.Sampled(host(null, new Memory(64 * GIB, bytes, 0, 0), null, null));
  }

  static ProcessIdentity process(long pid) {
    return new ProcessIdentity("boot", pid, 1);
  }

  static WorkerEvent.Sampled worker(long pid, double cpu, long rss, int files, int threads) {
    return new WorkerEvent.Sampled(
        "images", "images.1", process(pid), new ProcessSample(cpu, rss, files, threads, 0, 0, 'S'));
  }
}
