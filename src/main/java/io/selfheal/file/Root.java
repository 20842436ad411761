package io.selfheal.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A declared directory. What is below it is reached one name after the other, each in the open
 * directory before, so that nothing leads out of it:
 *
 * <ul>
 *   <li>symbolic links are not followed, at no level, not even on the way to the directory itself;
 *   <li>{@code .} and {@code ..} are no names;
 *   <li>what is mounted below it is not entered, be it another file system, a subvolume or a bind
 *       mount of the same one. The mounts are read after a directory is open: what is mounted over
 *       it later does not change which one is open.
 * </ul>
 *
 * A hard link to a file elsewhere is a file as good as any: a name is removed here, and the other
 * name stays.
 */
public final class Root implements AutoCloseable {
  private final Folder folder;
  private final long device;

  private Root(Folder folder, long device) {
    this.folder = folder;
    this.device = device;
  }

  /**
   * Opens it.
   *
   * @throws Escape when a symbolic link is on the way
   */
  public static Root open(Path path) throws IOException {
    if (!path.isAbsolute() || !path.normalize().equals(path)) {
      throw new Escape(path, "is not an absolute path without . and ..");
    }
    Folder at = Folder.top();
    for (Path name : path) {
      try (Folder above = at) {
        at = above.child(name);
      }
    }
    boolean opened = false;
    try {
      Root root = new Root(at, FileId.of(at.own()).device());
      opened = true;
      return root;
    } finally {
      if (!opened) {
        at.close();
      }
    }
  }

  /** The file system that it is on. */
  public long device() {
    return device;
  }

  /** The directory itself. */
  public Folder folder() {
    return folder;
  }

  /** Where it is. */
  public Path path() {
    return folder.path();
  }

  /**
   * Opens a directory in one that was reached from here.
   *
   * @throws Escape when it is a link or a mount
   */
  public Folder enter(Folder above, Path name) throws IOException {
    Folder below = above.child(name);
    boolean entered = false;
    try {
      if (FileId.of(below.own()).device() != device) {
        throw new Escape(below.path(), "is on another file system");
      }
      if (Mounts.now().at(below.path())) {
        throw new Escape(below.path(), "is a mount");
      }
      entered = true;
      return below;
    } finally {
      if (!entered) {
        below.close();
      }
    }
  }

  /**
   * Opens the directory of a file below.
   *
   * @param file relative, as {@link Walk} finds it
   */
  public Folder above(Path file) throws IOException {
    return way(file, null);
  }

  /** Likewise, and makes the directories that are missing, with this mode. */
  public Folder make(Path file, Set<PosixFilePermission> mode) throws IOException {
    return way(file, mode);
  }

  private Folder way(Path file, @Nullable Set<PosixFilePermission> mode) throws IOException {
    if (file.isAbsolute() || !inside(file)) {
      throw new Escape(path().resolve(file), "leads out of " + path());
    }
    Folder at = folder.again();
    Path parent = file.getParent();
    if (parent == null) {
      return at;
    }
    for (Path name : parent) {
      try (Folder above = at) {
        at = entered(above, name, mode);
      }
    }
    return at;
  }

  private Folder entered(Folder above, Path name, @Nullable Set<PosixFilePermission> mode)
      throws IOException {
    try {
      return enter(above, name);
    } catch (NoSuchFileException missing) {
      if (mode == null) {
        throw missing;
      }
      above.makeFolder(name, mode);
      above.sync();
      return enter(above, name);
    }
  }

  private static boolean inside(Path file) {
    for (Path name : file) {
      String text = name.toString();
      if (text.isEmpty() || text.equals(".") || text.equals("..")) {
        return false;
      }
    }
    return file.getNameCount() > 0;
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
