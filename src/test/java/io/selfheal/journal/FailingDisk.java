package io.selfheal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A file system on which the test says when the disk is full. */
public final class FailingDisk extends FilePathWrapper {
  private static final String SCHEME = "failing";
  private static final AtomicBoolean FULL = new AtomicBoolean();

  /** Made by H2, by its name. */
  public FailingDisk() {}

  /** A file there. */
  static Path file(Path real) {
    FilePath.register(new FailingDisk());
    return Path.of(SCHEME + ":" + real);
  }

  static void full(boolean full) {
    FULL.set(full);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Channel(super.open(mode));
  }

  private static final class Channel extends FileBaseDefault {
    private final FileChannel real;

    Channel(FileChannel real) {
      this.real = real;
    }

    @Override
    public synchronized int read(ByteBuffer into, long position) throws IOException {
      return real.read(into, position);
    }

    @Override
    public synchronized int write(ByteBuffer from, long position) throws IOException {
      if (FULL.get()) {
        throw new IOException("No space left on device");
      }
      return real.write(from, position);
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      real.truncate(size);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      real.force(metadata);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
    }
  }
}
