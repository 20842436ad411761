package io.selfheal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names this start of the machine; see random(4). */
final class BootId {
  private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

  private BootId() {}

  /** The name; empty when the kernel does not tell. */
  static String read() {
    try {
      return Files.readString(FILE).strip();
    } catch (IOException hidden) {
      return "";
    }
  }
}
