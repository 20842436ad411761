package io.selfheal.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one tool looks after: workers of each fault, numbered from 1, that write down their pid when
 * they work, and small disks. Whether a fault is over is read here, for every tool alike.
 */
final class Yard implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(2);
  private static final List<String> FILES = List.of("worker.sh", "web_worker.py", "reaper.py");

  private final int instances;
  private final Path directory = Files.createTempDirectory("selfheal-bench-yard-");
  private final Map<Fault, Integer> ports = new EnumMap<>(Fault.class);
  private final List<SmallDisk> disks = new ArrayList<>();
  private boolean closed;

  /**
   * A fault that was caused.
   *
   * @param pid the process that it happened to; 0 for none
   * @param at just before it was caused
   */
  record Broken(Fault fault, int number, long pid, Instant at) {
    /** The worker that it happened to. */
    String worker() {
      return Yard.name(fault, number);
    }
  }

  /**
   * Lays out the files.
   *
   * @param instances how many workers of each fault
   */
  Yard(int instances) throws IOException {
    this.instances = instances;
    for (String name : FILES) {
      try (InputStream file = Yard.class.getResourceAsStream(name)) {
        if (file == null) {
          throw new IOException("the benchmark's file " + name + " is not in its class path");
        }
        Files.copy(file, directory.resolve(name));
      }
    }
    ports.put(Fault.FROZEN, House.freePort());
    ports.put(Fault.HUNG, House.freePort());
  }

  /** Mounts the small disks. */
  void mount() throws IOException, InterruptedException {
    for (int number = 1; number <= instances; number++) {
      disks.add(SmallDisk.mount(disk("" + number)));
    }
  }

  boolean hasDisks() {
    return disks.size() == instances;
  }

  /** Where a disk is mounted. */
  Path disk(String number) {
    return directory.resolve("disk-" + number);
  }

  int instances() {
    return instances;
  }

  Path directory() {
    return directory;
  }

  static String name(Fault fault, int number) {
    return fault.worker() + "." + number;
  }

  /** Each worker has a loopback address of its own, and all of one fault have one port. */
  static String address(String number) {
    return "127.0.1." + number;
  }

  int port(Fault fault) {
    return ports.getOrDefault(fault, 0);
  }

  /**
   * The command line of a worker.
   *
   * @param number as the tool writes it
   */
  String command(Fault fault, String number) {
    String what = " " + directory + " " + fault.worker() + "." + number;
    return fault.ofWeb()
        ? "python3 %s/web_worker.py%s %s %d"
            .formatted(directory, what, address(number), port(fault))
        : "sh " + directory + "/worker.sh" + what;
  }

  Path pidFile(Fault fault, int number) {
    return directory.resolve(name(fault, number) + ".pid");
  }

  /** The process that does the work; 0 when none said so yet. */
  private long pid(Fault fault, int number) throws IOException {
    Path file = pidFile(fault, number);
    return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
  }

  /** Waits until all workers of some faults work. */
  void awaitAll(Set<Fault> faults) throws IOException, InterruptedException {
    for (Fault fault : faults) {
      for (int number = 1; fault.ofWorkers() && number <= instances; number++) {
        await(new Broken(fault, number, 0, Instant.now()));
      }
    }
  }

  /** Causes a fault. */
  Broken breakIt(Fault fault, int number) throws IOException, InterruptedException {
    long pid = fault.ofWorkers() ? pid(fault, number) : 0;
    if (fault == Fault.CRASHING) {
      Path left = directory.resolve(name(fault, number) + ".crashes");
      Files.writeString(left, Fault.CRASHES + "\n");
    }
    Broken broken = new Broken(fault, number, pid, Instant.now());
    switch (fault) {
      case KILLED, CRASHING -> Command.run("kill", "-KILL", "" + pid);
      case FROZEN -> Command.run("kill", "-STOP", "" + pid);
      case HUNG -> Command.run("kill", "-USR1", "" + pid);
      case LOW_DISK -> disks.get(number - 1).fill();
    }
    return broken;
  }

  /** Waits until a fault is measured to be over: another process works, or the disk has room. */
  Instant await(Broken broken) throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!over(broken)) {
      if (System.nanoTime() > end) {
        throw new IOException(broken.worker() + " is not well within " + LIMIT);
      }
      Thread.sleep(POLL);
    }
    return Instant.now();
  }

  private boolean over(Broken broken) throws IOException {
    if (!broken.fault().ofWorkers()) {
      return disks.get(broken.number() - 1).well();
    }
    long pid = pid(broken.fault(), broken.number());
    return pid != 0 && pid != broken.pid() && ProcessHandle.of(pid).isPresent();
  }

  /** Ends the workers that are left, and removes the files. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    ProcessHandle.allProcesses().filter(this::ours).forEach(ProcessHandle::destroyForcibly);
    for (SmallDisk disk : disks) {
      disk.close();
    }
    try (Stream<Path> below = Files.walk(directory)) {
      for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Every worker works in the yard's directory. */
  private boolean ours(ProcessHandle process) {
    try {
      Path place = Path.of("/proc/" + process.pid() + "/cwd");
      return Files.readSymbolicLink(place).equals(directory);
    } catch (IOException goneOrAnothers) {
      return false;
    }
  }
}
