package io.selfheal.worker;

import io.selfheal.config.Arguments;
import io.selfheal.kernel.NativeLinux;
import io.selfheal.message.ProcessIdentity;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads single processes from {@code /proc}. Its facts of the host are read once.
 *
 * @param place where the agent is
 */
record Proc(Place place, long ticksPerSecond, long pageBytes) {
  private static final Path ROOT = Path.of("/proc");
  private static final int COMMAND_BYTES = 4096;
  private static final int STATUS_BYTES = 4096;
  private static final int LONG_STATUS_BYTES = 1024 * 1024;
  private static final int ENVIRONMENT_BYTES = 256 * 1024;

  /**
   * Reads the facts of the host.
   *
   * @throws IOException when {@code /proc} is missing, or is another pid namespace's
   */
  static Proc open() throws IOException {
    String boot = Files.readString(ROOT.resolve("sys/kernel/random/boot_id")).strip();
    String host = Files.readString(ROOT.resolve("sys/kernel/hostname")).strip();
    String self = Files.readSymbolicLink(ROOT.resolve("self")).toString();
    if (!self.equals(Long.toString(ProcessHandle.current().pid()))) {
      throw new IOException(
          "/proc is of another pid namespace (it calls the agent "
              + self
              + "): mount the agent's own");
    }
    String namespace = Files.readSymbolicLink(ROOT.resolve("self/ns/pid")).toString();
    return new Proc(
        new Place(host, boot, namespace), NativeLinux.ticksPerSecond(), NativeLinux.pageBytes());
  }

  String bootId() {
    return place.bootId();
  }

  /** The kernel's host name. */
  String host() {
    return place.host();
  }

  /** Whether the agent's pids are those of the whole machine. */
  boolean rootNamespace() {
    return place.root();
  }

  /** The process's stat now; empty when it is gone or may not be read. */
  Optional<ProcStat> stat(long pid) {
    return read(pid, "stat", 2048).flatMap(bytes -> ProcStat.parse(bytes, bytes.length));
  }

  /** The process of a pid now; empty when there is none, or it has ended. */
  Optional<ProcessIdentity> identity(long pid) {
    return stat(pid).filter(stat -> !stat.ended()).map(stat -> stat.identity(bootId()));
  }

  /** Since a process started. */
  Duration age(long startTicks) {
    Duration start =
        Duration.ofSeconds(
            startTicks / ticksPerSecond,
            startTicks % ticksPerSecond * (1_000_000_000L / ticksPerSecond));
    return NativeLinux.sinceBoot().minus(start);
  }

  /**
   * Its arguments, joined by spaces; at most 4 KiB; empty for kernel threads. With its secrets: to
   * be matched, never to be shown.
   */
  String command(long pid) {
    return read(pid, "cmdline", COMMAND_BYTES)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ').strip())
        .orElse("");
  }

  /** The same, to be shown. */
  String shown(long pid) {
    return read(pid, "cmdline", COMMAND_BYTES).map(Proc::shown).orElse("");
  }

  /** An argument that was cut off is left out: its secret may no longer look like one. */
  static String shown(byte[] read) {
    String text = new String(read, StandardCharsets.UTF_8);
    List<String> arguments = new ArrayList<>(Arrays.asList(text.split("\0")));
    if (read.length == COMMAND_BYTES && read[COMMAND_BYTES - 1] != 0) {
      arguments.set(arguments.size() - 1, "...");
    }
    return String.join(" ", Arguments.shown(arguments)).strip();
  }

  /** The paths of its control groups. */
  List<String> cgroups(long pid) {
    return read(pid, "cgroup", COMMAND_BYTES)
        .map(bytes -> Cgroups.parse(new String(bytes, StandardCharsets.UTF_8)))
        .orElse(List.of());
  }

  /** How it was marked when the agent started it; empty when it was not, or may not be read. */
  Optional<Marks> marks(long pid) {
    return read(pid, "environ", ENVIRONMENT_BYTES)
        .flatMap(bytes -> Marks.parse(new String(bytes, StandardCharsets.UTF_8)));
  }

  /** A process in very many groups has a long one: then it is read again, whole. */
  ProcStatus status(long pid) {
    String text = text(pid, "status", STATUS_BYTES);
    boolean cut = text.length() >= STATUS_BYTES / 2 && !ProcStatus.whole(text);
    return ProcStatus.parse(cut ? text(pid, "status", LONG_STATUS_BYTES) : text);
  }

  private static String text(long pid, String file, int most) {
    return read(pid, file, most).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
  }

  /** Every pid of now. */
  long[] pids() {
    String[] names = ROOT.toFile().list();
    if (names == null) {
      return new long[0];
    }
    return Arrays.stream(names)
        .filter(name -> name.charAt(0) >= '1' && name.charAt(0) <= '9')
        .mapToLong(Long::parseLong)
        .toArray();
  }

  /**
   * Looks for a process. Whether it exists is asked of the kernel by pidfd_open, because {@code
   * hidepid} and permissions hide living processes from {@code /proc}. That call also refuses the
   * ids of threads, which {@code /proc} would show.
   */
  Sighting sight(long pid) {
    int fd = NativeLinux.pidfdOpen(pid);
    if (fd == -NativeLinux.ESRCH || fd == -NativeLinux.EINVAL || fd == -NativeLinux.ENOENT) {
      return new Sighting.Absent();
    }
    try {
      Optional<ProcStat> stat = stat(pid);
      if (stat.isPresent()) {
        return new Sighting.Present(stat.get(), age(stat.get().startTicks()));
      }
    } finally {
      if (fd >= 0) {
        NativeLinux.close(fd);
      }
    }
    return unseen(pid, fd >= 0);
  }

  private Sighting unseen(long pid, boolean kernelAnswers) {
    if (kernelAnswers && NativeLinux.pidfdOpen(pid) == -NativeLinux.ESRCH) {
      return new Sighting.Absent();
    }
    if (!kernelAnswers && stat(1).isPresent()) {
      return new Sighting.Absent();
    }
    return new Sighting.Hidden("/proc does not show pid " + pid + " to the agent's user");
  }

  private static Optional<byte[]> read(long pid, String file, int most) {
    try (FileInputStream in = new FileInputStream("/proc/" + pid + "/" + file)) {
      return Optional.of(in.readNBytes(most));
    } catch (IOException goneOrNotAllowed) {
      return Optional.empty();
    }
  }
}
