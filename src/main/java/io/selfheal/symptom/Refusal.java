package io.selfheal.symptom;

import io.selfheal.kernel.NativeLinux;
import java.nio.file.Path;

/** Why the kernel does not tell of stalls in a file by itself. Pure. */
final class Refusal {
  private Refusal() {}

  /** Whether it means that the control group is no more. */
  static boolean gone(int errno) {
    return errno == NativeLinux.ENOENT || errno == NativeLinux.ENODEV;
  }

  /**
   * In words, with what would help.
   *
   * @param errno of open(2) or write(2)
   */
  static String words(Path file, StallLimit limit, int errno) {
    return switch (errno) {
      case NativeLinux.EPERM ->
          file + " takes them from CAP_SYS_RESOURCE only: grant it, or run Linux 6.5 or later";
      case NativeLinux.ENOENT, NativeLinux.ENODEV -> file + " is not there";
      case NativeLinux.EACCES ->
          file + " may not be written to: run the agent as its owner, or on Linux 6.5 or later";
      case NativeLinux.EINVAL -> refusedWindow(file, limit);
      case NativeLinux.EROFS -> file + " is mounted read-only, as it is in many containers";
      case NativeLinux.EOPNOTSUPP -> "the kernel keeps no pressure: boot it with psi=1";
      default -> file + " takes none: errno " + errno;
    };
  }

  private static String refusedWindow(Path file, StallLimit limit) {
    return "%s refuses a window of %d ms: without CAP_SYS_RESOURCE it must be a multiple of 2s"
        .formatted(file, limit.window().toMillis());
  }
}
