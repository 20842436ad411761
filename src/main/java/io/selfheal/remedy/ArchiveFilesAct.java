package io.selfheal.remedy;

import io.selfheal.file.Archive;
import io.selfheal.file.Escape;
import io.selfheal.file.Failure;
import io.selfheal.file.Folder;
import io.selfheal.file.Found;
import io.selfheal.file.Manifest;
import io.selfheal.file.OpenFiles;
import io.selfheal.file.Restoring;
import io.selfheal.file.Root;
import io.selfheal.file.Spare;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The act of {@link ArchiveFiles}. Safe at any point of a kill: there is always the original, or a
 * copy in the archive that was read back, or both. What was begun is ended by the next run for the
 * same incident.
 */
final class ArchiveFilesAct implements Act {
  private final ArchiveFiles.Settings settings;

  ArchiveFilesAct(ArchiveFiles.Settings settings) {
    this.settings = settings;
  }

  @FunctionalInterface
  private interface Work {
    Performed in(Roots roots, Root to) throws Exception;
  }

  private Performed open(Work work) throws Exception {
    try (Roots roots = Roots.open(settings.roots());
        Root to = Root.open(settings.to())) {
      return work.in(roots, to);
    } catch (Escape escape) {
      return answer(Outcome.REFUSED, String.valueOf(escape.getMessage()), List.of(), null);
    } catch (FileSystemException failure) {
      String words = failure.getFile() + " " + Failure.why(failure);
      return answer(Outcome.FAILED, words, List.of(), null);
    }
  }

  @Override
  public Performed rehearse(Task task) throws Exception {
    return open(
        (roots, to) -> {
          Lines lines = new Lines();
          Clearing plan = plan(task, roots, lines, OpenFiles.now());
          plan.go()
              .forEach(
                  file ->
                      lines.file(
                          "would archive %s (%d bytes, modified %s)"
                              .formatted(file.path(), file.bytes(), file.modified()),
                          file.bytes()));
          String words =
              "would archive %s, %d bytes, in %s"
                  .formatted(
                      Sizes.files(plan.go().size()), plan.bytes(), to.path().resolve(name(task)));
          return plan.go().isEmpty()
              ? answer(Outcome.ALREADY_DONE, "nothing is old enough", lines.all(), null)
              : answer(Outcome.DONE, words, lines.all(), null);
        });
  }

  /** One archive for each incident: a later run finds it again. */
  private static Path name(Task task) {
    return Path.of(task.seen().rule() + "-" + task.incidentId());
  }

  private Clearing plan(Task task, Roots roots, Lines lines, OpenFiles held) throws Exception {
    Instant youngest = task.around().time().now().minus(settings.olderThan());
    Stock stock = new Stock(Found::modified);
    lines.notes(
        roots.walk(
            settings.globs(),
            file -> {
              if (file.modified().isBefore(youngest)) {
                stock.add(file);
              }
            }));
    Clearing plan = Clearing.plan(stock.oldest(), Long.MAX_VALUE, youngest, held);
    lines.notes(plan.notes());
    return plan;
  }

  @Override
  public Performed perform(Task task) throws Exception {
    Allowance allowance = Allowance.of(task);
    return open(
        (roots, to) -> {
          OpenFiles held = OpenFiles.now();
          Optional<String> blind = Seeing.problem(held, settings.unseen());
          if (blind.isPresent()) {
            return answer(Outcome.REFUSED, blind.get(), List.of(), null);
          }
          if (!to.folder().has(name(task))) {
            to.folder().makeFolder(name(task), PosixFilePermissions.fromString("rwx------"));
            to.folder().sync();
          }
          return archived(task, allowance, roots, to, held);
        });
  }

  private Performed archived(Task task, Allowance allowance, Roots roots, Root to, OpenFiles held)
      throws Exception {
    Lines lines = new Lines();
    Spare spare = new Spare(Files.getFileStore(settings.to()), settings.keepFree());
    boolean empty = true;
    try (Folder folder = to.enter(to.folder(), name(task));
        Archive archive = Archive.open(folder)) {
      Archiving archiving = new Archiving(roots, archive, spare, allowance, lines);
      archiving.recover();
      archiving.all(plan(task, roots, lines, held).go());
      empty = archive.files().isEmpty();
      String undo = empty ? null : archive.path().toString();
      return answer(archiving.outcome(), archiving.words(), lines.all(), undo);
    } finally {
      if (empty) {
        discard(to, name(task));
      }
    }
  }

  /** An archive without files is no archive. */
  private static void discard(Root to, Path name) throws IOException {
    try (Folder folder = to.enter(to.folder(), name)) {
      if (!Manifest.read(folder).isEmpty()) {
        return;
      }
      folder.delete(Manifest.NAME);
    }
    to.folder().deleteFolder(name);
  }

  @Override
  public Performed undo(Task task, String left) throws Exception {
    Path path = Path.of(left);
    if (!settings.to().equals(path.getParent())) {
      return answer(Outcome.REFUSED, left + " is not in " + settings.to(), List.of(), null);
    }
    return open(
        (roots, to) -> {
          try (Folder folder = to.enter(to.folder(), path.getFileName())) {
            return restored(roots, folder);
          }
        });
  }

  private static Performed restored(Roots roots, Folder folder) throws IOException {
    Lines lines = new Lines();
    Restoring restoring = new Restoring(folder, false);
    long back = 0;
    long not = 0;
    for (var file : Manifest.read(folder)) {
      Path root = Path.of(file.root());
      if (!roots.has(root)) {
        lines.note(root + " is not declared any more: " + file.name() + " stays in the archive");
        not++;
        continue;
      }
      Restoring.Result result = restoring.restore(roots.of(root), file);
      boolean there =
          result.state() == Restoring.State.RESTORED || result.state() == Restoring.State.PRESENT;
      back += there ? 1 : 0;
      not += there ? 0 : 1;
      lines.file(root.resolve(file.name()) + " " + result.detail(), file.bytes());
    }
    String words =
        "%s are back out of %s".formatted(Sizes.files(back), folder.path())
            + (not == 0 ? "" : "; " + Sizes.files(not) + " are not");
    return answer(not == 0 ? Outcome.DONE : Outcome.FAILED, words, lines.all(), null);
  }

  private static Performed answer(
      Outcome outcome, String detail, List<String> output, @Nullable String undo) {
    return new Performed(outcome, detail, output, undo);
  }
}
