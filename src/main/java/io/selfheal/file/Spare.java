package io.selfheal.file;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;

/**
 * Sees to it that an archive does not fill its disk: others write there, too.
 *
 * @param store the file system
 * @param bytes so many stay free
 */
public record Spare(FileStore store, long bytes) {
  private static final int STEP = 1 << 20;

  /** There is too little room to go on. */
  static final class NoRoom extends IOException {
    private static final long serialVersionUID = 1L;

    NoRoom(long bytes) {
      super("No space left but the " + bytes + " bytes that are to stay free");
    }
  }

  /** Fails when less than that would stay free; looks at every MiB. */
  OutputStream guard(OutputStream out) throws IOException {
    check();
    return new FilterOutputStream(out) {
      private long since;

      @Override
      public void write(byte[] block, int offset, int length) throws IOException {
        since += length;
        if (since >= STEP) {
          check();
          since = 0;
        }
        out.write(block, offset, length);
      }
    };
  }

  private void check() throws IOException {
    if (bytes > 0 && store.getUsableSpace() < bytes) {
      throw new NoRoom(bytes);
    }
  }
}
