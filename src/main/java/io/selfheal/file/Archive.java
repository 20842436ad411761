package io.selfheal.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * A directory with compressed files and their manifest, open to add to it. The order for each file:
 * compressed under a passing name, on disk, read back and compared, under its name, in the
 * manifest, on disk. Only what is in the manifest may lose its original.
 */
public final class Archive implements AutoCloseable {
  private static final int LONGEST = 80;

  private final Folder folder;
  private final Manifest manifest;
  private int number;

  private Archive(Folder folder, Manifest manifest) {
    this.folder = folder;
    this.manifest = manifest;
  }

  /** Opens one, and removes what an earlier run has not finished. It closes the folder, too. */
  public static Archive open(Folder folder) throws IOException {
    Archive archive = new Archive(folder, Manifest.open(folder));
    archive.sweep();
    return archive;
  }

  private void sweep() throws IOException {
    Set<String> known = new HashSet<>();
    for (Archived one : manifest.files()) {
      known.add(one.archive());
      number = Math.max(number, Integer.parseInt(one.archive().substring(0, 6)));
    }
    try (Folder again = folder.again()) {
      for (Path name : again.names()) {
        String text = name.toString();
        boolean orphan = text.endsWith(".gz") && !known.contains(text);
        if (orphan || Leftover.is(name)) {
          folder.delete(name);
        }
      }
    }
    folder.sync();
  }

  /** Where it is. */
  public Path path() {
    return folder.path();
  }

  /** What is in it. */
  public List<Archived> files() {
    return manifest.files();
  }

  /**
   * Adds a file; it is safe in the archive when this returns.
   *
   * @throws Escape when it is not the file that was found any more
   */
  public Archived add(Folder above, Found found, Spare spare) throws IOException {
    Path last = found.name().getFileName();
    PosixFileAttributes is = above.attributes(last);
    unchanged(found, is);
    Path name = next(last);
    Path part = Path.of("." + name + ".selfheal-part");
    boolean added = false;
    try {
      Packing.Packed packed;
      try (FileChannel in = above.read(last, is)) {
        packed = Packing.pack(in, folder, part, spare);
      }
      Packing.Packed back = Packing.unpack(folder, part, OutputStream.nullOutputStream());
      if (!back.equals(packed)) {
        throw new IOException(
            "what was written to " + path() + " reads otherwise: is its disk broken?");
      }
      unchanged(found, above.attributes(last));
      folder.rename(part, name);
      folder.sync();
      Archived one = entry(found, is, name, packed);
      manifest.add(one);
      added = true;
      return one;
    } finally {
      if (!added) {
        folder.delete(part);
        folder.delete(name);
      }
    }
  }

  private static void unchanged(Found found, PosixFileAttributes is) throws Escape {
    if (!found.still(is)) {
      throw new Escape(found.path(), "is another file now, or was modified");
    }
  }

  private static Archived entry(
      Found found, PosixFileAttributes is, Path name, Packing.Packed packed) {
    return new Archived(
        found.root().toString(),
        found.name().toString(),
        packed.content().bytes(),
        packed.content().sha256(),
        name.toString(),
        packed.file().bytes(),
        packed.file().sha256(),
        PosixFilePermissions.toString(is.permissions()),
        is.owner().getName(),
        is.group().getName(),
        is.lastModifiedTime().toInstant());
  }

  /**
   * Such as {@code 000001-app.log.gz}: the number makes it one of a kind, the name is for people.
   */
  private Path next(Path last) {
    number++;
    String begin = last.toString().replaceAll("[^A-Za-z0-9._-]", "_");
    return Path.of(
        String.format(
            Locale.ROOT,
            "%06d-%s.gz",
            number,
            begin.substring(0, Math.min(LONGEST, begin.length()))));
  }

  /** Whether a file of it is there and good, by reading all of it. */
  public boolean good(Archived one) throws IOException {
    try {
      Packing.Packed back =
          Packing.unpack(folder, Path.of(one.archive()), OutputStream.nullOutputStream());
      return back.content().equals(new Sum(one.sha256(), one.bytes()))
          && back.file().equals(new Sum(one.archiveSha256(), one.archiveBytes()));
    } catch (NoSuchFileException | ZipException | EOFException missingOrDamaged) {
      return false;
    }
  }

  /** Takes a file out again whose original stays. */
  public void drop(Archived one) throws IOException {
    manifest.undo(one);
    folder.delete(Path.of(one.archive()));
  }

  @Override
  public void close() throws IOException {
    manifest.close();
  }
}
