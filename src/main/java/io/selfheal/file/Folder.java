package io.selfheal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Set;

/**
 * An open directory. Every act is on a plain name in it, by the calls of the {@code at} family, and
 * so stays in it when its path, or a directory above, becomes another one meanwhile.
 */
public final class Folder implements AutoCloseable {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final Pin pin;
  private final SecureDirectoryStream<Path> stream;

  private Folder(Path path, Pin pin, SecureDirectoryStream<Path> stream) {
    this.path = path;
    this.pin = pin;
    this.stream = stream;
  }

  static Folder top() throws IOException {
    return held(Path.of("/"), Pin.of(Path.of("/")));
  }

  /** The stream is closed with the folder. */
  @SuppressWarnings("StreamResourceLeak")
  private static Folder held(Path path, Pin pin) throws IOException {
    boolean opened = false;
    try {
      DirectoryStream<Path> stream = Files.newDirectoryStream(pin.path());
      if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
        stream.close();
        throw new Escape(path, "cannot be held open here: this Java has no openat");
      }
      opened = true;
      return new Folder(path, pin, secure);
    } catch (AccessDeniedException denied) {
      throw denied(path, denied);
    } finally {
      if (!opened) {
        pin.close();
      }
    }
  }

  /** Opens the same directory once more. */
  Folder again() throws IOException {
    return held(path, Pin.of(pin.path()));
  }

  /** Where it was when it was opened. */
  public Path path() {
    return path;
  }

  /**
   * Opens a directory in it.
   *
   * @throws Escape when it is a symbolic link, or no directory
   */
  Folder child(Path name) throws IOException {
    PosixFileAttributes seen = attributes(name);
    Path there = path.resolve(name);
    if (seen.isSymbolicLink()) {
      throw new Escape(there, "is a symbolic link, and links are not followed");
    }
    if (!seen.isDirectory()) {
      throw new Escape(there, "is no directory");
    }
    return held(there, pinned(name, seen));
  }

  /** Holds what was looked at, and nothing that took its name since. */
  private Pin pinned(Path name, BasicFileAttributes seen) throws IOException {
    Pin held = Pin.of(pin.path().resolve(plain(name)));
    boolean same = false;
    try {
      same = FileId.of(held.attributes()).equals(FileId.of(seen));
    } finally {
      if (!same) {
        held.close();
      }
    }
    if (!same) {
      throw new Escape(path.resolve(name), "became another file while it was looked at");
    }
    return held;
  }

  /** All names in it. Only once for each opening. */
  public Iterable<Path> names() {
    return () ->
        new Iterator<>() {
          private final Iterator<Path> all = stream.iterator();

          @Override
          public boolean hasNext() {
            return all.hasNext();
          }

          @Override
          public Path next() {
            return all.next().getFileName();
          }
        };
  }

  /** Whether there is anything of that name, be it a link to nowhere. */
  public boolean has(Path name) throws IOException {
    try {
      attributes(name);
      return true;
    } catch (NoSuchFileException absent) {
      return false;
    }
  }

  /** What a name is; of a link itself. */
  public PosixFileAttributes attributes(Path name) throws IOException {
    return view(name).readAttributes();
  }

  /** To change owner, mode and times. */
  public PosixFileAttributeView view(Path name) {
    return stream.getFileAttributeView(
        plain(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  BasicFileAttributes own() throws IOException {
    return pin.attributes();
  }

  /**
   * Opens exactly the file that was looked at, for reading.
   *
   * @throws Escape when it is no regular file, or the name is another one's now
   */
  public FileChannel read(Path name, BasicFileAttributes seen) throws IOException {
    if (!seen.isRegularFile()) {
      throw new Escape(path.resolve(name), "is no regular file");
    }
    try (Pin held = pinned(name, seen)) {
      return FileChannel.open(held.path(), StandardOpenOption.READ);
    } catch (AccessDeniedException denied) {
      throw denied(path.resolve(name), denied);
    }
  }

  /** The name under which it is held would say nothing to anybody. */
  private static AccessDeniedException denied(Path path, AccessDeniedException why) {
    AccessDeniedException named = new AccessDeniedException(path.toString());
    named.initCause(why);
    return named;
  }

  /** Makes a new file that only the agent can read, for writing; fails when the name is taken. */
  public FileChannel create(Path name) throws IOException {
    return open(name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /** Opens a file of the agent's own, made if need be, for reading and writing. */
  public FileChannel own(Path name) throws IOException {
    return open(
        name,
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS));
  }

  private FileChannel open(Path name, Set<OpenOption> options) throws IOException {
    SeekableByteChannel channel =
        stream.newByteChannel(plain(name), options, PosixFilePermissions.asFileAttribute(PRIVATE));
    return (FileChannel) channel;
  }

  /** Removes a file, or a link itself; whether there was one. */
  public boolean delete(Path name) throws IOException {
    try {
      stream.deleteFile(plain(name));
      return true;
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  /** Removes an empty directory. */
  public void deleteFolder(Path name) throws IOException {
    stream.deleteDirectory(plain(name));
  }

  /** Renames in one step; what has the new name is replaced. */
  public void rename(Path name, Path next) throws IOException {
    stream.move(plain(name), stream, plain(next));
  }

  /** Gives a file a second name; fails when that is taken. */
  public void link(Path name, Path second) throws IOException {
    Files.createLink(pin.path().resolve(plain(second)), pin.path().resolve(plain(name)));
  }

  /** Makes a directory; fails when the name is taken. */
  public void makeFolder(Path name, Set<PosixFilePermission> mode) throws IOException {
    Files.createDirectory(
        pin.path().resolve(plain(name)), PosixFilePermissions.asFileAttribute(mode));
  }

  /** Waits until the names in it are on disk. */
  public void sync() throws IOException {
    try (FileChannel self = FileChannel.open(pin.path(), StandardOpenOption.READ)) {
      self.force(true);
    }
  }

  static Path plain(Path name) {
    String text = name.toString();
    boolean odd = text.isEmpty() || text.equals(".") || text.equals("..");
    if (odd || name.isAbsolute() || name.getNameCount() != 1) {
      throw new IllegalArgumentException("not a plain name: " + name);
    }
    return name;
  }

  @Override
  public void close() throws IOException {
    try {
      stream.close();
    } finally {
      pin.close();
    }
  }
}
