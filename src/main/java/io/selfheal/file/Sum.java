package io.selfheal.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a content is.
 *
 * @param sha256 64 digits, lower case
 * @param bytes its length
 */
public record Sum(String sha256, long bytes) {
  private static final int BUFFER = 1 << 16;

  /** Of all that comes. An interrupt ends it with an exception. */
  public static Sum of(ReadableByteChannel in) throws IOException {
    return copy(in, OutputStream.nullOutputStream());
  }

  /** Of all that comes, which is also written. */
  public static Sum copy(ReadableByteChannel in, OutputStream out) throws IOException {
    MessageDigest digest = digest();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    long bytes = 0;
    while (in.read(buffer) >= 0) {
      digest.update(buffer.array(), 0, buffer.position());
      out.write(buffer.array(), 0, buffer.position());
      bytes += buffer.position();
      buffer.clear();
    }
    return new Sum(hex(digest), bytes);
  }

  /** Copies from file to file. */
  public static Sum copy(FileChannel in, FileChannel out) throws IOException {
    return copy(in, Channels.newOutputStream(out));
  }

  /** A fresh one. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256", missing);
    }
  }

  /** Its digits; the digest is fresh again then. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
