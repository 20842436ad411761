package io.selfheal.bench;

import io.selfheal.bench.PeerLog.Meaning;
import io.selfheal.bench.Yard.Broken;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A supervisor of another house, as a real process with a configuration of its own. */
final class Peer implements Tool {
  private final String name;
  private final List<String> settings;
  private final Set<Fault> can;
  private final Yard yard;
  private final Process process;
  private final PeerLog log;

  private Peer(
      String name,
      List<String> settings,
      Set<Fault> can,
      Yard yard,
      Process process,
      PeerLog.Language language) {
    this.name = name;
    this.settings = settings;
    this.can = can;
    this.yard = yard;
    this.process = process;
    this.log = PeerLog.of(name, process.getInputStream(), language);
  }

  /** Starts supervisord in a yard. */
  static Peer supervisord(Yard yard, String program) throws IOException {
    Path config = write(yard, "supervisord.conf", Supervisord.config(yard));
    ZoneId zone = ZoneId.systemDefault();
    return new Peer(
        Supervisord.NAME,
        Supervisord.SETTINGS,
        Supervisord.CAN,
        yard,
        start(yard, program, "--configuration", config.toString()),
        (line, readAt) -> Supervisord.read(line, zone));
  }

  /** Starts Monit in a yard. Its workers are not its children, so it needs somebody who reaps. */
  static Peer monit(Yard yard, String program) throws IOException {
    String config = write(yard, "monitrc", Monit.config(yard)).toString();
    String reaper = yard.directory().resolve("reaper.py").toString();
    return new Peer(
        Monit.NAME,
        Monit.SETTINGS,
        Monit.can(yard),
        yard,
        start(yard, "python3", reaper, program, "-I", "-c", config),
        Monit::read);
  }

  /** Where a program is; empty when it is not installed. */
  static Optional<String> find(String program) {
    for (String place : (System.getenv("PATH") + ":/usr/sbin:/usr/bin").split(":", -1)) {
      File file = new File(place, program);
      if (file.canExecute()) {
        return Optional.of(file.getPath());
      }
    }
    return Optional.empty();
  }

  private static Path write(Yard yard, String name, String text) throws IOException {
    Path file = Files.writeString(yard.directory().resolve(name), text);
    // Monit reads no file that others may read.
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static Process start(Yard yard, String... command) throws IOException {
    return new ProcessBuilder(command)
        .directory(yard.directory().toFile())
        .redirectErrorStream(true)
        .start();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> settings() {
    return settings;
  }

  @Override
  public Set<Fault> can() {
    return can;
  }

  @Override
  public Yard yard() {
    return yard;
  }

  @Override
  public Instant detected(Broken broken) throws IOException, InterruptedException {
    return await(broken, broken.at(), Meaning.DETECTED);
  }

  @Override
  public Instant healed(Broken broken) throws IOException, InterruptedException {
    return await(broken, detected(broken), Meaning.HEALED);
  }

  private Instant await(Broken broken, Instant since, Meaning meaning)
      throws IOException, InterruptedException {
    try {
      return log.await(since, broken.worker(), meaning);
    } catch (IOException silent) {
      throw new IOException(silent.getMessage() + "; it said:\n" + log.tail(), silent);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (process.waitFor(15, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      yard.close();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
