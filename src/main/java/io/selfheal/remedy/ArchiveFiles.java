package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.file.Broad;
import io.selfheal.file.Globs;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code archive_files}: compresses old files into another directory. An original goes only when
 * its copy was read back from there and is the same. {@code agent.sh restore ARCHIVE} brings them
 * back, and so does the undo. {@code with}:
 *
 * <ul>
 *   <li>{@code roots}: the directories whose files may go; required
 *   <li>{@code globs}: which files below them; required
 *   <li>{@code older_than}: only files that were made or modified before; 1m to 3650d, default 7d
 *   <li>{@code to}: the directory that archives are made in, one for each incident; required, and
 *       not in a root
 *   <li>{@code keep_free}: it stops before less than this is free there; 0B to 1024GiB, default
 *       64MiB
 *   <li>{@code unseen}: as with {@code clear_cache}: refuse (default) or ignore
 * </ul>
 *
 * <p>Each file is a gzip file of its own, so that room is won file by file, and that {@code gunzip}
 * can read it. Owner, group, permissions and time of change are kept; access control lists, other
 * extended attributes and holes are not; a hard link becomes a file of its own. What a process has
 * open or mapped stays where it is.
 */
final class ArchiveFiles implements Remedy {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long MIB = 1 << 20;

  private final Broad broad;

  ArchiveFiles(Broad broad) {
    this.broad = broad;
  }

  /** What a rule says of it; see the class. */
  record Settings(
      List<Path> roots,
      Globs globs,
      Duration olderThan,
      Path to,
      long keepFree,
      ClearCache.Unseen unseen) {}

  @Override
  public String name() {
    return "archive_files";
  }

  @Override
  public String description() {
    return "Compresses old files into an archive, checks it, and removes the originals.";
  }

  @Override
  public Act read(Section with) {
    List<Path> roots = Declared.roots(with, broad);
    Path to = Declared.root(with, "to", "such as /srv/archive", broad);
    if (roots.stream().anyMatch(root -> root.startsWith(to) || to.startsWith(root))) {
      with.reject("to", "is in a root, or a root is in it", "keep archives apart");
    }
    return new ArchiveFilesAct(
        new Settings(
            roots,
            Declared.globs(with),
            with.duration("older_than", Duration.ofDays(7), MINUTE, Duration.ofDays(3650)),
            to,
            with.bytes("keep_free", 64 * MIB, 0, (1L << 20) * MIB),
            with.choice("unseen", ClearCache.Unseen.REFUSE, ClearCache.Unseen.class)));
  }
}
