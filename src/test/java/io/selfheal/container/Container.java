package io.selfheal.container;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
   * Cases and who runs them.
   *
   * @param user root or nobody
   */
  public record Part(Class<? extends Cases> cases, String user) {
    /** By root. */
    public static Part root(Class<? extends Cases> cases) {
      return new Part(cases, "root");
    }

    /** By one who may do next to nothing. */
    public static Part nobody(Class<? extends Cases> cases) {
      return new Part(cases, "nobody");
    }
  }

  /**
   * Runs cases in a container of their own, part after part; skips the test, with the reason, where
   * none can be booted.
   *
   * @param directory an empty one, for what is told of the run
   * @return how each ended, by its name: empty when it held
   */
  public static Map<String, String> run(Path directory, Duration limit, Part... parts)
      throws IOException, InterruptedException {
    Container container = new Container(tree(directory), directory);
    container.probe();
    container.boot(List.of(parts), limit);
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

  private void boot(List<Part> parts, Duration limit) throws IOException, InterruptedException {
    // Whoever it is that runs a part must get there.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(
        Files.createDirectory(directory.resolve("results")),
        PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.writeString(directory.resolve("lay.sh"), layOut());
    Path unit = Files.writeString(directory.resolve("selfheal-test.service"), unit(parts));
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
  private String unit(List<Part> parts) {
    return """
    [Unit]
    SuccessAction=exit-force
    FailureAction=exit-force
    Requires=dbus.socket
    Wants=basic.target
    [Service]
    Type=oneshot
    WorkingDirectory=%1$s
    StandardOutput=append:%1$s/cases.log
    StandardError=inherit
    ExecStart=sh lay.sh
    """
            .formatted(directory)
        + String.join("\n", parts.stream().map(this::start).toList())
        + "\n";
  }

  /** Where root's files are, others may not read: the classes are copied to where all may. */
  private static String layOut() {
    StringBuilder script = new StringBuilder("set -eu\numask 022\nmkdir /opt/classes\n");
    List<Path> all = classPath().toList();
    for (int i = 0; i < all.size(); i++) {
      script.append(
          "cp -rL --no-preserve=mode '%s' /opt/classes/%s\n".formatted(all.get(i), name(all, i)));
    }
    return script.toString();
  }

  /** As it is called where it comes from, and unlike any other. */
  private static String name(List<Path> all, int index) {
    return index + "-" + all.get(index).getFileName();
  }

  private String start(Part part) {
    List<Path> all = classPath().toList();
    return String.join(
        " ",
        "ExecStart=setpriv --reuid=" + part.user,
        "--regid=" + (part.user.equals("root") ? "root" : "nogroup"),
        "--clear-groups",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto",
        "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow",
        "-cp",
        IntStream.range(0, all.size())
            .mapToObj(i -> "/opt/classes/" + name(all, i))
            .collect(Collectors.joining(File.pathSeparator)),
        Inside.class.getName(),
        part.cases.getName(),
        directory.resolve("results").toString());
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
