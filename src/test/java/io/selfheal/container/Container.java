package io.selfheal.container;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Boots a small Debian with systemd, in which the tests' own classes run as a service. It shares
 * the network with this host, sees this Java and these classes where they are, and forgets
 * everything when it ends. The first call on a machine builds the tree, see {@code tree.sh}.
 */
public final class Container {
  private static final Duration BUILD = Duration.ofMinutes(5);
  private static final Duration PROBE = Duration.ofSeconds(20);

  private final Path tree;
  private final Path directory;

  private Container(Path tree, Path directory) {
    this.tree = tree;
    this.directory = directory;
  }

  /**
   * Runs cases in a container of their own; skips the test, with the reason, where none can be
   * booted.
   *
   * @param directory an empty one, for what is told of the run
   * @return how each ended, by its name: empty when it held
   */
  public static Map<String, String> run(
      Class<? extends Cases> cases, Path directory, Duration limit)
      throws IOException, InterruptedException {
    Container container = new Container(tree(directory), directory);
    container.probe();
    container.boot(cases, limit);
    return container.results();
  }

  private static Path tree(Path directory) throws IOException, InterruptedException {
    Path script = Path.of("src/test/resources/io/selfheal/container/tree.sh").toAbsolutePath();
    Path out = directory.resolve("tree.out");
    Path err = directory.resolve("tree.err");
    boolean built =
        ended(List.of("sh", script.toString()), out, err, BUILD)
            .filter(exit -> exit == 0)
            .isPresent();
    assumeTrue(built, () -> "skipped: no systemd is booted in a container: " + text(err).strip());
    return Path.of(Files.readString(out).strip());
  }

  /** Whether this host lets a container run at all, before anything of the project does. */
  private void probe() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(nspawn());
    command.add("/bin/true");
    Path said = directory.resolve("probe.log");
    if (ended(command, said, said, PROBE).filter(exit -> exit == 0).isEmpty()) {
      abort("skipped: systemd-nspawn cannot run a container here: " + text(said).strip());
    }
  }

  private List<String> nspawn() {
    List<String> words = new ArrayList<>(List.of("systemd-nspawn", "--quiet", "--register=no"));
    if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
      words.add("--keep-unit");
    }
    words.addAll(List.of("--volatile=overlay", "--console=pipe", "--directory=" + tree));
    return words;
  }

  private void boot(Class<?> cases, Duration limit) throws IOException, InterruptedException {
    Files.createDirectory(directory.resolve("results"));
    Path unit = Files.writeString(directory.resolve("selfheal-test.service"), unit(cases));
    Path settings =
        Files.writeString(
            directory.resolve("system.conf"), "[Manager]\nDefaultTimeoutStopSec=1s\n");
    List<String> command = new ArrayList<>(nspawn());
    command.add("--boot");
    command.add("--bind=" + directory);
    command.add("--bind-ro=" + unit + ":/etc/systemd/system/selfheal-test.service");
    // Else what does not heed TERM would keep the container from ending for a minute and a half.
    command.add("--bind-ro=" + settings + ":/etc/systemd/system.conf.d/selfheal-test.conf");
    for (Path seen : seen()) {
      command.add("--bind-ro=" + seen);
    }
    command.addAll(List.of("--", "--unit=selfheal-test.service"));
    Path said = directory.resolve("boot.log");
    Optional<Integer> exit = ended(command, said, said, limit);
    if (exit.filter(status -> status == 0).isEmpty()) {
      throw new AssertionError(
          "the container ended with %s%n%s%n%s"
              .formatted(
                  exit.map(status -> "exit status " + status).orElse("a kill after " + limit),
                  text(said),
                  text(directory.resolve("cases.log"))));
    }
  }

  /** The end of the service ends the container. */
  private String unit(Class<?> cases) {
    return """
    [Unit]
    SuccessAction=exit-force
    FailureAction=exit-force
    Requires=dbus.socket
    Wants=basic.target
    [Service]
    Type=oneshot
    WorkingDirectory=%1$s
    ExecStart=%2$s/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -cp %3$s io.selfheal.container.Inside %4$s %1$s/results
    StandardOutput=file:%1$s/cases.log
    StandardError=inherit
    """
        .formatted(
            directory,
            System.getProperty("java.home"),
            String.join(File.pathSeparator, classPath().map(Path::toString).toList()),
            cases.getName());
  }

  private static Stream<Path> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(part -> Path.of(part).toAbsolutePath().normalize())
        .filter(Files::exists);
  }

  /** This Java, the directories of classes, and that in which all the libraries are. */
  private static List<Path> seen() {
    List<Path> seen = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
    classPath().filter(Files::isDirectory).forEach(seen::add);
    classPath()
        .filter(Files::isRegularFile)
        .map(Path::getParent)
        .reduce(Container::shared)
        .ifPresent(seen::add);
    return seen;
  }

  private static Path shared(Path one, Path other) {
    Path shared = one;
    while (!other.startsWith(shared)) {
      shared = shared.getParent();
    }
    return shared;
  }

  private Map<String, String> results() throws IOException {
    Map<String, String> results = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory.resolve("results"))) {
      for (Path file : files.toList()) {
        results.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return results;
  }

  /** The exit status; empty when it had to be killed. */
  private static Optional<Integer> ended(List<String> command, Path out, Path err, Duration limit)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile());
    Process process =
        (out.equals(err) ? builder.redirectErrorStream(true) : builder.redirectError(err.toFile()))
            .start();
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
          ? Optional.of(process.exitValue())
          : Optional.empty();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }
}
