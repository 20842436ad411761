package io.selfheal.container;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a person does to systemd and asks of it, for the cases in the container. */
public final class Systemd {
  private static final Path UNITS = Path.of("/etc/systemd/system");
  private static final long LIMIT_NANOS = 30_000_000_000L;
  private static final long PAUSE_NANOS = 5_000_000;

  private Systemd() {}

  /** Writes a service; systemd hears of it by a daemon-reload. */
  public static void unit(String name, String service) throws IOException {
    Files.writeString(UNITS.resolve(name + ".service"), "[Service]\n" + service);
  }

  /** As somebody does who removes its package. */
  public static void remove(String name) throws Exception {
    Files.delete(UNITS.resolve(name + ".service"));
    run("daemon-reload");
  }

  /** Puts the link in the place of its file, as packages with units in /usr have it. */
  public static void mask(String name) throws Exception {
    Files.delete(UNITS.resolve(name + ".service"));
    run("mask", name + ".service");
  }

  /** Fails when systemctl does. */
  public static String run(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("systemctl"));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + said);
    }
    return said.strip();
  }

  /** One property of a service. */
  public static String show(String name, String property) throws Exception {
    return run("show", "--value", "-p", property, name + ".service");
  }

  /** The active ones among units of a pattern. */
  public static Set<String> active(String pattern) throws Exception {
    return run("list-units", "--plain", "--no-legend", "--state=active", pattern)
        .lines()
        .map(line -> line.strip().split(" ", 2)[0])
        .collect(Collectors.toSet());
  }

  /** The files by which properties were set at run time. */
  public static List<Path> dropIns(String name) {
    Path directory = Path.of("/run/systemd/system.control", name + ".service.d");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  /** Where the control group of cgroup v2 is that a process is in. */
  public static Path group(long pid) throws IOException {
    String path =
        Files.readString(Path.of("/proc", Long.toString(pid), "cgroup"))
            .lines()
            .filter(line -> line.startsWith("0::/"))
            .map(line -> line.substring("0::/".length()))
            .findFirst()
            .orElseThrow();
    Path mounts = Path.of("/sys/fs/cgroup");
    Path hybrid = mounts.resolve("unified");
    return (Files.isDirectory(hybrid) ? hybrid : mounts).resolve(path);
  }

  /** Waits until a property of a service has a value. */
  public static void await(String name, String property, String value) {
    await(
        name + " has " + property + "=" + value,
        () -> {
          try {
            return Optional.of(show(name, property)).filter(value::equals);
          } catch (Exception failure) {
            throw new AssertionError(failure);
          }
        },
        () -> "");
  }

  /** Waits until there is something. */
  public static <T> T await(String what, Supplier<Optional<T>> look, Supplier<String> explanation) {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (System.nanoTime() < end) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new AssertionError("not in time: " + what + "\n" + explanation.get());
  }
}
