package io.selfheal.remedy;

import io.selfheal.file.Archive;
import io.selfheal.file.Archived;
import io.selfheal.file.Failure;
import io.selfheal.file.Folder;
import io.selfheal.file.Found;
import io.selfheal.file.Spare;
import io.selfheal.message.Outcome;
import io.selfheal.remedy.Parting.Parted;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Archives files lot by lot, so that room is won as it goes, and counts what became of them. */
final class Archiving {
  /** So many originals go together: who has what open is looked at once for all of them. */
  private static final int LOT = 32;

  private final Roots roots;
  private final Archive archive;
  private final Spare spare;
  private final Allowance allowance;
  private final Lines lines;
  private final Parting parting;
  private long files;
  private long bytes;
  private long packed;
  private int kept;
  private @Nullable String stopped;
  private boolean recovered;

  Archiving(Roots roots, Archive archive, Spare spare, Allowance allowance, Lines lines) {
    this.roots = roots;
    this.archive = archive;
    this.spare = spare;
    this.allowance = allowance;
    this.lines = lines;
    this.parting = new Parting(roots, archive);
  }

  /** Ends what an earlier run had begun. */
  void recover() throws IOException {
    List<String> notes = new ArrayList<>();
    parting.recover(notes);
    recovered = !notes.isEmpty();
    lines.notes(notes);
  }

  private record Copied(Found file, Archived copy) {}

  void all(List<Found> all) throws IOException, InterruptedException {
    List<Copied> lot = new ArrayList<>();
    for (Found file : all) {
      if (stopped == null && allowance.over()) {
        stopped = "the time was up";
      }
      if (stopped != null) {
        break;
      }
      copy(file).ifPresent(copy -> lot.add(new Copied(file, copy)));
      if (lot.size() >= LOT) {
        part(lot);
      }
    }
    part(lot);
  }

  private Optional<Archived> copy(Found file) throws IOException {
    try (Folder above = roots.of(file).above(file.name())) {
      return Optional.of(archive.add(above, file, spare));
    } catch (ClosedByInterruptException interrupted) {
      throw interrupted;
    } catch (NoSuchFileException vanished) {
      lines.note(file.path() + " vanished meanwhile");
      return Optional.empty();
    } catch (IOException failure) {
      if (Failure.noRoom(failure)) {
        stopped =
            "%s has no room for %s: %s"
                .formatted(archive.path(), file.path().getFileName(), Failure.why(failure));
        return Optional.empty();
      }
      kept++;
      lines.note("kept: " + file.path() + ": " + Failure.why(failure));
      return Optional.empty();
    }
  }

  private void part(List<Copied> lot) throws IOException {
    List<Parted> parted = new ArrayList<>();
    try {
      for (Copied one : lot) {
        parting.begin(one.file(), one.copy()).ifPresent(parted::add);
      }
    } finally {
      parted.addAll(parting.end());
      parted.forEach(one -> count(one, lot));
      lot.clear();
    }
  }

  private void count(Parted one, List<Copied> lot) {
    if (one.stays().isPresent()) {
      kept++;
      lines.note("kept: " + one.file().path() + " " + one.stays().get());
      return;
    }
    Archived copy =
        lot.stream()
            .filter(each -> each.file().equals(one.file()))
            .findFirst()
            .orElseThrow()
            .copy();
    files++;
    bytes += copy.bytes();
    packed += copy.archiveBytes();
    lines.file(
        "archived %s (%d bytes) as %s (%d bytes)"
            .formatted(one.file().path(), copy.bytes(), copy.archive(), copy.archiveBytes()),
        copy.bytes());
  }

  Outcome outcome() {
    if (stopped != null || kept > 0) {
      return Outcome.FAILED;
    }
    return files > 0 || recovered ? Outcome.DONE : Outcome.ALREADY_DONE;
  }

  String words() {
    if (outcome() == Outcome.ALREADY_DONE) {
      return "nothing is old enough";
    }
    String done =
        "archived %s, %s as %s, in %s; ./agent.sh restore brings them back"
            .formatted(Sizes.files(files), Sizes.text(bytes), Sizes.text(packed), archive.path());
    String none = "nothing was archived";
    return (files == 0 ? none : done)
        + (kept == 0 ? "" : "; kept: " + Sizes.files(kept))
        + (stopped == null ? "" : "; it stopped: " + stopped + "; no file was lost");
  }
}
