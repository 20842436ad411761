package io.selfheal.host;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file under /proc that stays open: reading it again from its start renews the contents, without
 * the cost of opening and without garbage. After a failure it is opened again.
 */
final class KernelFile implements Closeable {
  private static final int MOST = 1 << 22;

  private final Path path;
  private final Fields fields = new Fields();
  private byte[] buffer = new byte[8192];
  private @Nullable RandomAccessFile open;

  KernelFile(Path path) {
    this.path = path;
  }

  /** The contents now; valid until the next call. */
  Fields read() throws IOException {
    try {
      int length = fill();
      return fields.reset(buffer, length);
    } catch (IOException failure) {
      close();
      throw failure;
    }
  }

  private int fill() throws IOException {
    RandomAccessFile file = open;
    if (file == null) {
      file = new RandomAccessFile(path.toFile(), "r");
      open = file;
    }
    file.seek(0);
    int length = 0;
    // The kernel hands out a page or so at a time; only an empty read is the end.
    for (int read; (read = file.read(buffer, length, buffer.length - length)) > 0; ) {
      length += read;
      if (length == buffer.length) {
        grow();
      }
    }
    return length;
  }

  private void grow() throws IOException {
    if (buffer.length >= MOST) {
      throw new IOException(path + " is longer than " + MOST + " bytes");
    }
    buffer = Arrays.copyOf(buffer, buffer.length * 2);
  }

  @Override
  public void close() throws IOException {
    RandomAccessFile file = open;
    open = null;
    if (file != null) {
      file.close();
    }
  }
}
