package io.selfheal.symptom;

import java.nio.file.Path;

/** Why the kernel does not tell of stalls in a file by itself. Pure. */
final class Refusal {
  static final int NOT_PERMITTED = 1;
  static final int NOT_THERE = 2;
  static final int NO_ACCESS = 13;
  static final int NO_DEVICE = 19;
  static final int NOT_VALID = 22;
  static final int READ_ONLY = 30;
  static final int NOT_SUPPORTED = 95;

  private Refusal() {}

  /** Whether it means that the control group is no more. */
  static boolean gone(int errno) {
    return errno == NOT_THERE || errno == NO_DEVICE;
  }

  /**
   * In words, with what would help.
   *
   * @param errno of open(2) or write(2)
   */
  static String words(Path file, StallLimit limit, int errno) {
    return switch (errno) {
      case NOT_PERMITTED ->
          file + " takes them from CAP_SYS_RESOURCE only: grant it, or run Linux 6.5 or later";
      case NOT_THERE, NO_DEVICE -> file + " is not there";
      case NO_ACCESS ->
          file + " may not be written to: run the agent as its owner, or on Linux 6.5 or later";
      case NOT_VALID -> refusedWindow(file, limit);
      case READ_ONLY -> file + " is mounted read-only, as it is in many containers";
      case NOT_SUPPORTED -> "the kernel keeps no pressure: boot it with psi=1";
      default -> file + " takes none: errno " + errno;
    };
  }

  private static String refusedWindow(Path file, StallLimit limit) {
    return "%s refuses a window of %d ms: without CAP_SYS_RESOURCE it must be a multiple of 2s"
        .formatted(file, limit.window().toMillis());
  }
}
