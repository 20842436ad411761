package io.selfheal.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the files below a root. What it may not enter it leaves alone, and says so. */
public final class Walk {
  /** So many directories in each other; each holds two descriptors while it is walked. */
  private static final int DEEPEST = 64;

  /** So many reasons are worth a line. */
  private static final int LINES = 10;

  private final Root root;
  private final Globs globs;
  private final Consumer<Found> taker;
  private final List<String> left = new ArrayList<>();

  private Walk(Root root, Globs globs, Consumer<Found> taker) {
    this.root = root;
    this.globs = globs;
    this.taker = taker;
  }

  /**
   * Hands over each regular file that a pattern names.
   *
   * @return what was left alone, and why; at most ten lines
   * @throws InterruptedException when the thread was interrupted
   */
  public static List<String> of(Root root, Globs globs, Consumer<Found> taker)
      throws IOException, InterruptedException {
    Walk walk = new Walk(root, globs, taker);
    try (Folder top = root.folder().again()) {
      walk.folder(top, null, 0);
    }
    return List.copyOf(walk.left);
  }

  private void folder(Folder folder, @Nullable Path name, int depth)
      throws IOException, InterruptedException {
    try {
      Mounts mounts = Mounts.now();
      for (Path each : folder.names()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while " + folder.path() + " was read");
        }
        if (mounts.at(folder.path().resolve(each))) {
          leave(folder.path().resolve(each) + " is a mount");
          continue;
        }
        entry(folder, name == null ? each : name.resolve(each), each, depth);
      }
    } catch (DirectoryIteratorException unreadable) {
      leave(folder.path() + " cannot be read: " + unreadable.getMessage());
    }
  }

  private void entry(Folder folder, Path name, Path last, int depth)
      throws IOException, InterruptedException {
    try {
      PosixFileAttributes is = folder.attributes(last);
      if (is.isDirectory()) {
        enter(folder, name, last, depth);
      } else if (Leftover.is(last)) {
        // The agent's own, of this moment or of an act that will end it.
        return;
      } else if (is.isRegularFile() && globs.match(name)) {
        taker.accept(Found.of(root.path(), name, is));
      } else if (is.isSymbolicLink() && globs.match(name)) {
        leave(root.path().resolve(name) + " is a symbolic link");
      }
    } catch (NoSuchFileException gone) {
      // It vanished meanwhile: nothing to find.
      return;
    } catch (AccessDeniedException denied) {
      leave(root.path().resolve(name) + " may not be read");
    } catch (Escape escape) {
      leave(String.valueOf(escape.getMessage()));
    }
  }

  private void enter(Folder folder, Path name, Path last, int depth)
      throws IOException, InterruptedException {
    if (depth >= DEEPEST) {
      leave(root.path().resolve(name) + " is deeper than " + DEEPEST + " directories");
      return;
    }
    try (Folder below = root.enter(folder, last)) {
      folder(below, name, depth + 1);
    }
  }

  private void leave(String why) {
    if (left.size() < LINES) {
      left.add("left alone: " + why);
    }
  }
}
