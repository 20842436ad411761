package io.selfheal.worker;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of one watched process, kept open: a read costs some microseconds, and a descriptor of
 * {@code /proc} stays with its process even when the pid is given to another. Used by one thread at
 * a time; closing while another reads makes that read fail, which means gone.
 */
final class ProcFiles implements AutoCloseable {
  private final byte[] buffer = new byte[2048];
  private final RandomAccessFile stat;
  private final @Nullable RandomAccessFile io;
  private final Path descriptors;

  private ProcFiles(RandomAccessFile stat, @Nullable RandomAccessFile io, Path descriptors) {
    this.stat = stat;
    this.io = io;
    this.descriptors = descriptors;
  }

  /**
   * Opens them.
   *
   * @throws IOException when the process is gone
   */
  static ProcFiles open(long pid) throws IOException {
    Path directory = Path.of("/proc", Long.toString(pid));
    RandomAccessFile stat = new RandomAccessFile(directory.resolve("stat").toFile(), "r");
    RandomAccessFile io = null;
    try {
      io = new RandomAccessFile(directory.resolve("io").toFile(), "r");
    } catch (IOException notAllowed) {
      // The kernel shows it to the process's user and to root only; the reading says -1.
    }
    return new ProcFiles(stat, io, directory.resolve("fd"));
  }

  /** A reading; empty when the process is gone. */
  Optional<RawReading> read(long mark) {
    Optional<ProcStat> now = text(stat).flatMap(ProcStat::parse);
    return now.map(
        found -> new RawReading(found, text(io).flatMap(ProcIo::parse), openFiles(), mark));
  }

  /**
   * Whether the kernel lets the agent look into the process. It asks the same for its {@code io} as
   * for the status of its end.
   */
  boolean readable() {
    return io != null;
  }

  private Optional<String> text(@Nullable RandomAccessFile file) {
    if (file == null) {
      return Optional.empty();
    }
    try {
      file.seek(0);
      int length = file.read(buffer);
      return length <= 0
          ? Optional.empty()
          : Optional.of(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
    } catch (IOException goneOrNotAllowed) {
      return Optional.empty();
    }
  }

  /**
   * Since Linux 6.2 the size of the directory is the number; before, it is 0 and they are listed.
   */
  private int openFiles() {
    try {
      long size = Files.size(descriptors);
      if (size > 0) {
        return (int) Math.min(size, Integer.MAX_VALUE);
      }
      int count = 0;
      try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
        for (Path ignored : all) {
          count++;
        }
      }
      return count;
    } catch (IOException goneOrNotAllowed) {
      return -1;
    }
  }

  @Override
  public void close() {
    try {
      stat.close();
      if (io != null) {
        io.close();
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("a file of /proc could not be closed", impossible);
    }
  }
}
