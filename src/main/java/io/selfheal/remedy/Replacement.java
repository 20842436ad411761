package io.selfheal.remedy;

import io.selfheal.file.FileId;
import io.selfheal.file.Folder;
import io.selfheal.file.Leftover;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces one file in an open directory. Its two other names come from the incident, so that a
 * later run finds what an earlier one left.
 */
final class Replacement {
  /** Of directories that are made for a file whose own is missing. */
  static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwxr-xr-x");

  private final Folder folder;
  private final Path name;
  private final Path part;
  private final Path aside;

  Replacement(Folder folder, Path name, String incidentId) {
    this.folder = folder;
    this.name = name;
    this.part = Leftover.name(name, incidentId, Leftover.Kind.PART);
    this.aside = Leftover.name(name, incidentId, Leftover.Kind.BROKEN);
  }

  /** Writes a content. */
  @FunctionalInterface
  interface Content {
    void write(FileChannel out) throws IOException;
  }

  /** Removes what was not finished. */
  void clean() throws IOException {
    folder.delete(part);
  }

  /**
   * Writes the new content under another name, with the owner, group and permissions of what it
   * replaces, and waits until it is on disk.
   *
   * @param otherwise whose they are when there is nothing to replace
   */
  void fill(Content content, PosixFileAttributes otherwise) throws IOException {
    try (FileChannel out = folder.create(part)) {
      content.write(out);
      adopt(otherwise);
      out.force(true);
    }
  }

  private void adopt(PosixFileAttributes otherwise) throws IOException {
    PosixFileAttributes model = there(name).or(() -> quietly(aside)).orElse(otherwise);
    PosixFileAttributes own = folder.attributes(part);
    PosixFileAttributeView view = folder.view(part);
    if (!own.owner().equals(model.owner())) {
      view.setOwner(model.owner());
    }
    if (!own.group().equals(model.group())) {
      view.setGroup(model.group());
    }
    view.setPermissions(model.permissions());
  }

  private Optional<PosixFileAttributes> there(Path one) throws IOException {
    try {
      return Optional.of(folder.attributes(one));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  private Optional<PosixFileAttributes> quietly(Path one) {
    try {
      return there(one);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** The broken file gets its second name, then the good one its name, in one step. */
  void swap() throws IOException {
    Optional<PosixFileAttributes> broken = there(name);
    if (broken.isPresent()) {
      Optional<PosixFileAttributes> earlier = there(aside);
      boolean linked =
          earlier.isPresent() && FileId.of(earlier.get()).equals(FileId.of(broken.get()));
      if (!linked) {
        keep();
      }
    }
    folder.rename(part, name);
    folder.sync();
  }

  private void keep() throws IOException {
    folder.delete(aside);
    try {
      folder.link(name, aside);
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      // This file system, or its settings, allow no second name: for a moment the file has none.
      folder.rename(name, aside);
    }
    folder.sync();
  }

  /** The name of the broken file; empty when there is none. */
  Optional<String> kept() throws IOException {
    return folder.has(aside) ? Optional.of(aside.toString()) : Optional.empty();
  }

  /** The broken file gets its name again, in one step. */
  void back() throws IOException {
    folder.rename(aside, name);
    folder.sync();
  }
}
