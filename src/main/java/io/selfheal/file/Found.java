package io.selfheal.file;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * A file below a root.
 *
 * @param root the declared directory
 * @param name below it
 * @param bytes its length; a sparse file takes less room, and one with a second name gives none
 * @param modified when its content, or what is known of it, was changed last: also a copy that
 *     keeps an old date is new
 * @param used the later of when it was read or modified; the kernel may be a day behind (relatime)
 */
public record Found(Path root, Path name, FileId id, long bytes, Instant modified, Instant used) {
  static Found of(Path root, Path name, BasicFileAttributes is) {
    Instant written = is.lastModifiedTime().toInstant();
    Instant made = is.creationTime().toInstant();
    Instant modified = made.isAfter(written) ? made : written;
    Instant read = is.lastAccessTime().toInstant();
    return new Found(
        root, name, FileId.of(is), is.size(), modified, read.isAfter(modified) ? read : modified);
  }

  /** The whole path, for people. */
  public Path path() {
    return root.resolve(name);
  }

  /** Whether attributes that were read later are of the same file, unchanged. */
  public boolean still(BasicFileAttributes now) {
    return now.isRegularFile()
        && FileId.of(now).equals(id)
        && now.size() == bytes
        && !Found.of(root, name, now).modified.isAfter(modified);
  }
}
