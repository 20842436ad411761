package io.selfheal.system;

import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.selfheal.symptom.SmallDisk;
import io.selfheal.symptom.SmallGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What one agent looks after in one test: workers, job tables, disks, files and control groups, and
 * a rule for each symptom.
 */
final class Premises implements AutoCloseable {
  private static final String NAME = "keeper";
  private static final int ROOM = 16 << 20;

  final Path directory;
  final PostgresUrl url = TestPostgres.freshDatabase();
  final SmallDisk disk;
  final SmallDisk half;
  final Optional<SmallGroup> cramped;
  final Optional<SmallGroup> roomy;
  final AgentUnderTest agent;
  private final String rules;

  Premises(Path directory) throws Exception {
    this.directory = directory;
    disk = SmallDisk.mount(directory.resolve("disk"), "size=4m");
    half = SmallDisk.mount(directory.resolve("half"), "size=4m");
    Files.createDirectory(disk.path.resolve("cache"));
    cramped = SmallGroup.make("cramped", Optional.of((long) ROOM));
    roomy = SmallGroup.make("roomy", Optional.empty());
    layFiles();
    List.of("jobs", "held", "images", "mails", "bills").forEach(this::table);
    int port = AgentUnderTest.freePort();
    PremisesConfig config = new PremisesConfig(this, NAME, port);
    Files.writeString(directory.resolve("rules.yaml"), "rules: []\n");
    rules = config.filled("premises-rules.yaml");
    agent = AgentUnderTest.on(port, directory, NAME, config.filled("premises.yaml"));
  }

  private void table(String name) {
    TestPostgres.execute(
        url,
        "CREATE TABLE "
            + name
            + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL,"
            + " holder text, started_at timestamptz, attempts int NOT NULL DEFAULT 1)");
  }

  boolean hasGroups() {
    return cramped.isPresent() && roomy.isPresent();
  }

  /** Where the memory of the cramped group is limited. */
  Path limit() {
    return cramped.orElseThrow().limit();
  }

  private void layFiles() throws IOException {
    Files.writeString(directory.resolve("good.conf"), "good\n");
    Files.copy(directory.resolve("good.conf"), directory.resolve("crashing.conf"));
    Files.writeString(
        directory.resolve("start-found"),
        """
        rm -f %1$s/found.pid
        setsid -f sh -c 'echo $$ > %1$s/found.new; mv %1$s/found.new %1$s/found.pid; exec sleep 1000' \\
          < /dev/null > /dev/null 2>&1
        until [ -e %1$s/found.pid ]; do sleep 0.05; done
        """
            .formatted(directory));
    for (String kind : List.of("good", "models", "release")) {
      Files.createDirectory(directory.resolve(kind));
      lay(kind, "a.bin", kind.equals("release") ? "one" : "model");
    }
  }

  /** Lays a file and the manifest of its directory, each in one step, as a deploy does. */
  void lay(String kind, String name, String content) throws IOException {
    byte[] bytes = content.repeat(1000).getBytes(StandardCharsets.UTF_8);
    put(directory.resolve(kind).resolve(name), bytes);
    String line = sum(bytes) + "  " + name + "\n";
    put(directory.resolve(kind).resolve("SHA256SUMS"), line.getBytes(StandardCharsets.UTF_8));
  }

  static void put(Path file, byte[] bytes) throws IOException {
    Path part = Files.write(file.resolveSibling(file.getFileName() + ".part"), bytes);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String sum(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException never) {
      throw new IllegalStateException(never);
    }
  }

  /** Until all is started its rules would see much that is missing. */
  void rule() throws IOException, InterruptedException {
    Files.writeString(directory.resolve("rules.yaml"), rules);
    HttpResponse<String> reloaded = agent.post("/api/v1/config/reload", "{}");
    if (reloaded.statusCode() != 200) {
      throw new IOException(reloaded.body());
    }
  }

  /** Starts the process that somebody else starts. */
  void startFound() throws IOException, InterruptedException {
    if (run("sh", directory.resolve("start-found").toString()) != 0) {
      throw new IOException("start-found failed");
    }
  }

  static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** Keeps all processors busy for so long; empty where there is no stress-ng. */
  static Optional<Process> stress(int seconds) {
    try {
      return Optional.of(
          new ProcessBuilder("stress-ng", "--quiet", "--cpu", "0", "--timeout", seconds + "s")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException missing) {
      return Optional.empty();
    }
  }

  long pid(String worker) throws IOException, InterruptedException {
    return agent.workerPid(worker + ".1");
  }

  long foundPid() throws IOException {
    return Long.parseLong(Files.readString(directory.resolve("found.pid")).strip());
  }

  /** Of the processors, in its control group, where there is one; in microseconds. */
  Optional<String> quota(String worker) throws IOException, InterruptedException {
    String name = "selfheal-" + worker + ".1";
    for (String group : Files.readAllLines(Path.of("/proc", "" + pid(worker), "cgroup"))) {
      boolean own = group.endsWith("/" + name);
      Path old = Path.of("/sys/fs/cgroup/cpu", name, "cpu.cfs_quota_us");
      if (own && group.contains(":cpu") && Files.exists(old)) {
        return Optional.of(Files.readString(old).strip());
      }
      Path all = Path.of("/sys/fs/cgroup").resolve(group.substring(group.lastIndexOf(':') + 2));
      if (own && Files.exists(all.resolve("cpu.max"))) {
        return Optional.of(Files.readString(all.resolve("cpu.max")).split(" ", -1)[0]);
      }
    }
    return Optional.empty();
  }

  /** Makes the process of a worker sick; gives its pid. */
  long sicken(String worker) throws IOException, InterruptedException {
    long pid = pid(worker);
    Files.createFile(directory.resolve("sick." + pid));
    return pid;
  }

  /** Lets it be well again. */
  void cure(long pid) throws IOException {
    Files.deleteIfExists(directory.resolve("sick." + pid));
  }

  static void signal(String name, long pid) throws IOException, InterruptedException {
    if (run("kill", "-" + name, "" + pid) != 0) {
      throw new IOException("no process " + pid);
    }
  }

  void execute(String sql) {
    TestPostgres.execute(url, sql);
  }

  String text(String sql) throws SQLException {
    return JobTable.query(url, sql).getFirst();
  }

  @Override
  public void close() throws IOException {
    agent.close();
    for (SmallDisk one : List.of(disk, half)) {
      one.close();
    }
    try {
      Marked.kill(foundPid());
    } catch (IOException | UncheckedIOException neverStarted) {
      // Nothing to end.
    }
    cramped.ifPresent(SmallGroup::close);
    roomy.ifPresent(SmallGroup::close);
  }
}
