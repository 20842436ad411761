package io.selfheal.symptom;

import io.selfheal.file.Mark;
import io.selfheal.file.Regular;
import io.selfheal.file.Sum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** One file that is being read, a bit at each look. */
final class Pass implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final Mark mark;
  private final FileChannel channel;
  private final MessageDigest digest = Sum.digest();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private long bytes;
  private boolean ended;

  private Pass(Path path, Mark mark, FileChannel channel) {
    this.path = path;
    this.mark = mark;
    this.channel = channel;
  }

  /** Opens a file that is as this mark says. */
  static Pass of(Path path, Mark mark) throws IOException {
    return new Pass(path, mark, Regular.open(path));
  }

  Path path() {
    return path;
  }

  /** Reads on; answers how much it read. */
  long read(long most) throws IOException {
    long before = bytes;
    while (!ended && bytes - before < most) {
      buffer.clear().limit((int) Math.min(BUFFER, most - (bytes - before)));
      int count = channel.read(buffer);
      ended = count < 0;
      if (count > 0) {
        digest.update(buffer.flip());
        bytes += count;
      }
    }
    return bytes - before;
  }

  boolean ended() {
    return ended;
  }

  /** The sum, at the end; empty when the file was changed meanwhile, so that it means nothing. */
  Optional<String> sum() throws IOException {
    return Mark.of(path).equals(mark) && bytes == mark.bytes()
        ? Optional.of(Sum.hex(digest))
        : Optional.empty();
  }

  /** Such as {@code 40 % of it}. */
  String progress() {
    return mark.bytes() == 0 ? "all of it" : bytes * 100 / mark.bytes() + " % of it";
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException nothingLost) {
      // It was only read.
      ended = true;
    }
  }
}
