package io.selfheal.remedy;

import io.selfheal.file.Archive;
import io.selfheal.file.Archived;
import io.selfheal.file.Failure;
import io.selfheal.file.FileId;
import io.selfheal.file.Folder;
import io.selfheal.file.Found;
import io.selfheal.file.Leftover;
import io.selfheal.file.OpenFiles;
import io.selfheal.file.Sum;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes originals that are in an archive. Each first gets another name, so that nobody can open
 * it by its own any more; then it is looked at once more; and only then it goes. Who opened it
 * before, or wrote to it, is seen by that look, and it gets its name back.
 */
final class Parting {
  private final Roots roots;
  private final Archive archive;
  private final List<Away> away = new ArrayList<>();

  Parting(Roots roots, Archive archive) {
    this.roots = roots;
    this.archive = archive;
  }

  private record Away(Found file, Archived copy) {}

  /** What became of one file: empty when it is gone, otherwise why it stays. */
  record Parted(Found file, Optional<String> stays) {}

  private static Path aside(Archived copy) {
    Path last = Path.of(copy.name()).getFileName();
    return Leftover.name(last, copy.sha256(), Leftover.Kind.ASIDE);
  }

  /** It gets another name. */
  Optional<Parted> begin(Found file, Archived copy) throws IOException {
    try (Folder above = roots.of(file).above(file.name())) {
      Path last = file.name().getFileName();
      if (!file.still(above.attributes(last))) {
        archive.drop(copy);
        return Optional.of(new Parted(file, Optional.of("was modified")));
      }
      above.rename(last, aside(copy));
      away.add(new Away(file, copy));
      return Optional.empty();
    } catch (NoSuchFileException vanished) {
      // Somebody else removed it. Its copy in the archive does no harm.
      return Optional.of(new Parted(file, Optional.empty()));
    } catch (IOException refused) {
      archive.drop(copy);
      return Optional.of(
          new Parted(file, Optional.of("cannot be removed: " + Failure.why(refused))));
    }
  }

  /**
   * Those that have another name now go, or get their own back. An interrupt waits meanwhile: it
   * would leave them half way.
   */
  List<Parted> end() {
    boolean interrupted = Thread.interrupted();
    List<Parted> parted = new ArrayList<>();
    Optional<OpenFiles> held = held();
    for (Away one : away) {
      Optional<String> stays;
      try {
        stays = end(one, held);
      } catch (IOException failure) {
        stays = Optional.of(String.valueOf(failure.getMessage()));
      }
      parted.add(new Parted(one.file(), stays));
    }
    away.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return parted;
  }

  private static Optional<OpenFiles> held() {
    try {
      return Optional.of(OpenFiles.now());
    } catch (IOException unknown) {
      return Optional.empty();
    }
  }

  private Optional<String> end(Away one, Optional<OpenFiles> held) throws IOException {
    try (Folder above = roots.of(one.file()).above(one.file().name())) {
      Path aside = aside(one.copy());
      Optional<String> why = why(one.file(), above.attributes(aside), held);
      if (why.isEmpty()) {
        above.delete(aside);
        above.sync();
        return why;
      }
      back(above, one.file().name().getFileName(), aside);
      archive.drop(one.copy());
      return why;
    }
  }

  private static Optional<String> why(
      Found file, PosixFileAttributes is, Optional<OpenFiles> held) {
    if (held.isEmpty()) {
      return Optional.of("stays: it cannot be seen now which files are open");
    }
    Optional<Long> holder = held.get().holder(FileId.of(is));
    if (holder.isPresent()) {
      return Optional.of("is open by process " + holder.get());
    }
    return file.still(is) ? Optional.empty() : Optional.of("was modified just now");
  }

  /** By a second name, which fails where a rename would replace what came meanwhile. */
  private static void back(Folder above, Path last, Path aside) throws IOException {
    try {
      above.link(aside, last);
      above.delete(aside);
    } catch (FileAlreadyExistsException taken) {
      throw new IOException(
          "%s came back as another file; what it was is now %s beside it"
              .formatted(above.path().resolve(last), aside),
          taken);
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      above.rename(aside, last);
    }
    above.sync();
  }

  /**
   * Brings to an end what an earlier run had begun: of what is in the archive the original is gone
   * for good, or it is there under its own name and the archive lets go of it.
   */
  void recover(List<String> notes) throws IOException {
    for (Archived copy : archive.files()) {
      Path root = Path.of(copy.root());
      if (!roots.has(root)) {
        continue;
      }
      Path name = Path.of(copy.name());
      try (Folder above = roots.of(root).above(name)) {
        recover(above, name.getFileName(), copy, notes);
      } catch (NoSuchFileException gone) {
        notes.add(gone.getFile() + " is gone, and with it what was in it");
      }
    }
  }

  private void recover(Folder above, Path last, Archived copy, List<String> notes)
      throws IOException {
    Path aside = aside(copy);
    if (above.has(aside)) {
      FileId id = FileId.of(above.attributes(aside));
      boolean idle = held().map(held -> held.holder(id).isEmpty()).orElse(false);
      if (idle && sum(above, aside).equals(copy.sha256()) && archive.good(copy)) {
        above.delete(aside);
        above.sync();
        notes.add("removed " + above.path().resolve(last) + ", which was archived before");
        return;
      }
      back(above, last, aside);
      archive.drop(copy);
      return;
    }
    if (above.has(last) && sum(above, last).equals(copy.sha256())) {
      archive.drop(copy);
    }
  }

  private static String sum(Folder above, Path name) throws IOException {
    PosixFileAttributes is = above.attributes(name);
    if (!is.isRegularFile()) {
      return "";
    }
    try (FileChannel in = above.read(name, is)) {
      return Sum.of(in).sha256();
    }
  }
}
