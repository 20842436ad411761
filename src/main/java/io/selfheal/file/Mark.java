package io.selfheal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * What shows that a file was changed: nobody can write to it or exchange it without a change of
 * these. Links are followed.
 *
 * @param changed when the later of content ({@code st_mtime}) and attributes ({@code st_ctime}) was
 *     changed; a copy may keep the first, nothing keeps the second
 */
public record Mark(FileId id, long bytes, boolean regular, Instant modified, Instant changed) {
  /** Of what is there now. */
  public static Mark of(Path path) throws IOException {
    BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
    Instant modified = is.lastModifiedTime().toInstant();
    Instant changed = ((FileTime) Files.getAttribute(path, "unix:ctime")).toInstant();
    return new Mark(
        FileId.of(is),
        is.size(),
        is.isRegularFile(),
        modified,
        changed.isAfter(modified) ? changed : modified);
  }
}
