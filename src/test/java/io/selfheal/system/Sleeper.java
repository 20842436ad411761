package io.selfheal.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A worker that costs nothing: it writes its pid into a file when it starts, and then is there. */
record Sleeper(Path starts) {
  /** The worker {@code w}, for an agent's configuration. */
  String run(int instances, String more) {
    return worker("exec sleep 100000", instances, more);
  }

  /** The same, deaf to TERM: what is ignored stays ignored over exec. */
  String deaf(String more) {
    return worker("trap '' TERM; exec sleep 100000", 1, more);
  }

  /** The same, whose first process has a child that outlives it. */
  String parent(String more) {
    String first = "[ $(wc -l < %s) != 1 ] || sleep 100000 & ".formatted(starts);
    return worker(first + "exec sleep 100000", 1, more);
  }

  private String worker(String then, int instances, String more) {
    return """
    workers:
      - name: w
        run:
          command: [sh, -c, "echo $$ >> %s; %s"]
          instances: %d
    %s
    """
        .formatted(starts, then, instances, more.indent(6).stripTrailing());
  }

  /** Whether a process has come so far as to write its pid. */
  boolean started(long pid) throws IOException {
    return started().contains(Long.toString(pid));
  }

  /** The pids of all that ever started, oldest first. */
  List<String> started() throws IOException {
    return Files.exists(starts) ? Files.readAllLines(starts) : List.of();
  }
}
