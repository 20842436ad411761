package io.selfheal.file;

import java.time.Instant;

/**
 * One file in an archive: a line of its manifest.
 *
 * @param root the declared directory that it was in
 * @param name below it
 * @param bytes its length
 * @param sha256 of its content
 * @param archive the compressed file, in the archive's directory; gzip, RFC 1952
 * @param archiveBytes the length of that
 * @param archiveSha256 of that
 * @param mode such as {@code rw-r--r--}
 * @param owner a user's name, or a number that has none
 * @param group likewise
 * @param modified when its content was written last
 */
public record Archived(
    String root,
    String name,
    long bytes,
    String sha256,
    String archive,
    long archiveBytes,
    String archiveSha256,
    String mode,
    String owner,
    String group,
    Instant modified) {}
