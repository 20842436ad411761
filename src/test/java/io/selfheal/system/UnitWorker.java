package io.selfheal.system;

import io.selfheal.container.Systemd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A worker that is a unit: each of its processes writes its pid into a file when it starts. */
record UnitWorker(String name, String body, String settings) {
  private static final Path STARTS = Path.of("/run/starts");

  /** One that does nothing, and that systemd leaves alone when it dies. */
  static UnitWorker idle(String name) {
    return of(name, "exec sleep 100000");
  }

  static UnitWorker of(String name, String body) {
    return new UnitWorker(name, body, "");
  }

  /** With more lines in its service. */
  UnitWorker with(String more) {
    return new UnitWorker(name, body, settings + more + "\n");
  }

  String unit() {
    return name + ".service";
  }

  void write() throws IOException {
    Files.createDirectories(STARTS);
    Systemd.unit(
        name,
        "ExecStart=/bin/sh -c \"echo $$$$ >> %s; %s\"\n%s"
            .formatted(starts(), body.replace("$", "$$"), settings));
  }

  private Path starts() {
    return STARTS.resolve(name);
  }

  /** The pids of all that ever started, oldest first. */
  List<Long> started() throws IOException {
    return Files.exists(starts())
        ? Files.readAllLines(starts()).stream().map(Long::valueOf).toList()
        : List.of();
  }

  /** The main process, as systemd has it; 0 when there is none. */
  long pid() throws Exception {
    return Long.parseLong(Systemd.show(name, "MainPID"));
  }

  void signal(String signal) throws Exception {
    Systemd.run("kill", "--kill-who=main", "--signal=" + signal, unit());
  }
}
