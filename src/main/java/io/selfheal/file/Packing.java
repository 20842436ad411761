package io.selfheal.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compresses a file into an archive's directory, and reads it back. */
final class Packing {
  private static final int BUFFER = 1 << 16;

  private Packing() {}

  /** What was written: the content's sum, and that of the compressed file. */
  record Packed(Sum content, Sum file) {}

  /** Writes a new file; it is on disk when this returns. */
  static Packed pack(FileChannel from, Folder archive, Path name, Spare spare) throws IOException {
    MessageDigest digest = Sum.digest();
    try (FileChannel to = archive.create(name)) {
      OutputStream out = new DigestOutputStream(spare.guard(Channels.newOutputStream(to)), digest);
      GZIPOutputStream compressing = new GZIPOutputStream(out, BUFFER);
      Sum content = Sum.copy(from, compressing);
      compressing.finish();
      to.force(true);
      return new Packed(content, new Sum(Sum.hex(digest), to.size()));
    }
  }

  /** Reads all of it back. */
  static Packed unpack(Folder archive, Path name, OutputStream out) throws IOException {
    MessageDigest digest = Sum.digest();
    try (FileChannel from = archive.read(name, archive.attributes(name))) {
      DigestInputStream in = new DigestInputStream(Channels.newInputStream(from), digest);
      Sum content = Sum.copy(Channels.newChannel(new GZIPInputStream(in, BUFFER)), out);
      // What is behind the end of the stream belongs to the file's sum, too.
      in.transferTo(OutputStream.nullOutputStream());
      return new Packed(content, new Sum(Sum.hex(digest), from.size()));
    }
  }
}
