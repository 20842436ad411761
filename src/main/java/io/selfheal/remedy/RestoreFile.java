package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.file.Broad;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code restore_file}: puts a declared good copy in the place of a file that is corrupt or
 * missing, in one step. The broken file is kept beside it, and can be put back. {@code with}:
 *
 * <ul>
 *   <li>{@code root}: the directory whose files may be replaced; required
 *   <li>{@code from}: the directory with the good copies, each under the same name; required
 *   <li>{@code manifest}: the sums of the good copies, as sha256sum(1) writes them, with names
 *       below {@code from}; a copy that does not have its sum is not used. Without it, what is
 *       there is believed
 *   <li>{@code file}: which file, below {@code root}; default: the one that the symptom is about
 * </ul>
 *
 * <p>Owner, group and permissions are those of the replaced file; of a missing one, those of the
 * good copy. Access control lists and other extended attributes are not copied. A process that has
 * the old file open keeps it until it opens it anew.
 */
final class RestoreFile implements Remedy {
  private final Broad broad;

  RestoreFile(Broad broad) {
    this.broad = broad;
  }

  /** What a rule says of it; see the class. */
  record Settings(Path root, Path from, Optional<Path> manifest, Optional<Path> file) {}

  @Override
  public String name() {
    return "restore_file";
  }

  @Override
  public String description() {
    return "Replaces a corrupt or missing file by a declared good copy, and keeps the broken one.";
  }

  @Override
  public Act read(Section with) {
    Path root = Declared.root(with, "root", "such as /var/lib/models", broad);
    Path from = Declared.root(with, "from", "such as /srv/models", broad);
    if (root.startsWith(from) || from.startsWith(root)) {
      with.reject("from", "is in root, or root is in it", "keep good copies apart");
    }
    Optional<Path> manifest = with.path("manifest");
    manifest
        .filter(path -> !path.isAbsolute())
        .ifPresent(path -> with.reject("manifest", "is not absolute", "begin it with /"));
    Optional<Path> file = with.path("file");
    file.filter(
            path -> path.isAbsolute() || !path.normalize().equals(path) || path.startsWith(".."))
        .ifPresent(path -> with.reject("file", "is no name below root", "such as en/model.bin"));
    return new RestoreFileAct(new Settings(root, from, manifest, file));
  }
}
