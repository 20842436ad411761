package io.selfheal.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes that carry the marks of one agent, found without the agent's own code. */
final class Marked {
  private Marked() {}

  /** Of one slot. */
  static List<Long> of(Path dataDir, String instance) {
    return with(dataDir, "\0SELFHEAL_INSTANCE=" + instance + "\0");
  }

  /** Ends all of them, and sees them gone. */
  static void end(Path dataDir) throws InterruptedException {
    with(dataDir, "").forEach(Marked::kill);
    Await.until("workers are gone", () -> "", () -> with(dataDir, "").isEmpty());
  }

  static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static List<Long> with(Path dataDir, String mark) {
    String home = "\0SELFHEAL_HOME=" + dataDir + "\0";
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(
            pid -> {
              String environ = environ(pid);
              return environ.contains(home) && environ.contains(mark);
            })
        .toList();
  }

  /** Empty for a process that is gone, and for a zombie. */
  private static String environ(long pid) {
    try {
      Path file = Path.of("/proc", Long.toString(pid), "environ");
      return "\0" + Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
