package io.selfheal.worker;

import io.selfheal.kernel.NativeLinux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is read once at start; blocks.
 *
 * @param pidfdRefusal 0, or the errno with which this kernel refuses pidfds
 * @param home the data directory, absolute and without links
 * @param mounts where control groups are to be read
 */
record Facts(Proc proc, int pidfdRefusal, Path home, GroupMounts mounts) {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  static Facts read(Path dataDir) throws IOException {
    return new Facts(
        Proc.open(),
        Pidfd.refusal(),
        Files.createDirectories(dataDir).toRealPath(),
        GroupMounts.parse(Files.readString(MOUNTS)));
  }

  /** Why deaths are only noticed each second; empty when the kernel tells them. */
  String pidfdProblem() {
    return pidfdProblem(pidfdRefusal);
  }

  /** The same of an errno; 0: none. */
  static String pidfdProblem(int refusal) {
    return switch (refusal) {
      case 0 -> "";
      case NativeLinux.ENOSYS ->
          "this kernel has no pidfd (Linux 5.3 has): deaths are noticed within a second only, and"
              + " no process can be ended";
      default ->
          "pidfd_open is refused (errno "
              + refusal
              + "; a filter of system calls, as in old container engines?): deaths are noticed"
              + " within a second only, and no process can be ended";
    };
  }
}
