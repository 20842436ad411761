package io.selfheal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens files to be read only. */
public final class Regular {
  private Regular() {}

  /**
   * Opens a regular file for reading; links are followed. Nothing else is opened: to open a pipe
   * would wait for who writes to it.
   *
   * @throws Escape when it is something else
   */
  public static FileChannel open(Path path) throws IOException {
    try (Pin pin = Pin.of(path)) {
      if (!pin.attributes().isRegularFile()) {
        throw new Escape(path, "is no regular file");
      }
      return FileChannel.open(pin.path(), StandardOpenOption.READ);
    }
  }
}
