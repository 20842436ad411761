package io.selfheal.remedy;

import io.selfheal.file.Escape;
import io.selfheal.file.Failure;
import io.selfheal.file.FileId;
import io.selfheal.file.Folder;
import io.selfheal.file.OpenFiles;
import io.selfheal.file.Root;
import io.selfheal.file.Sum;
import io.selfheal.file.Sums;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Subject;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The act of {@link RestoreFile}. Safe at any point of a kill: the good content is complete and on
 * disk under another name before the file's own name is touched, and the broken file has a second
 * name before it loses its own.
 */
final class RestoreFileAct implements Act {
  private final RestoreFile.Settings settings;

  RestoreFileAct(RestoreFile.Settings settings) {
    this.settings = settings;
  }

  /** A mishap with words for an operator. */
  private static final class Stop extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Performed answer;

    Stop(Outcome outcome, String detail) {
      super(detail);
      this.answer = new Performed(outcome, detail, List.of(), null);
    }
  }

  @Override
  public Performed rehearse(Task task) throws Exception {
    return with(task, true);
  }

  @Override
  public Performed perform(Task task) throws Exception {
    return with(task, false);
  }

  private Performed with(Task task, boolean rehearsal) throws Exception {
    try {
      Path file = file(task);
      try (Root from = Root.open(settings.from());
          Root root = Root.open(settings.root());
          Folder source = folder(from, file, "no good copy: ")) {
        Good good = good(source, file);
        return rehearsal ? rehearsed(root, file, good) : restored(root, file, good, source, task);
      }
    } catch (Stop stop) {
      return stop.answer;
    } catch (Escape escape) {
      return answer(Outcome.REFUSED, String.valueOf(escape.getMessage()), List.of(), null);
    } catch (FileSystemException failure) {
      String words = failure.getFile() + " " + Failure.why(failure);
      return answer(Outcome.FAILED, words, List.of(), null);
    }
  }

  private Path file(Task task) throws Stop {
    if (settings.file().isPresent()) {
      return settings.file().get();
    }
    Path path =
        Subject.file(task.subject())
            .orElseThrow(
                () ->
                    new Stop(
                        Outcome.REFUSED,
                        task.subject() + " is no file; name one with file, or use corrupt_file"));
    boolean below = path.normalize().equals(path) && path.startsWith(settings.root());
    if (!below || path.equals(settings.root())) {
      throw new Stop(Outcome.REFUSED, path + " is not below " + settings.root());
    }
    return settings.root().relativize(path);
  }

  private static Folder folder(Root root, Path file, String problem) throws IOException, Stop {
    try {
      return root.above(file);
    } catch (NoSuchFileException missing) {
      throw new Stop(Outcome.FAILED, problem + root.path().resolve(file) + " is not there");
    }
  }

  /** The good copy: what it is, and the sum that it must have. */
  private record Good(Path path, PosixFileAttributes is, Sum sum) {}

  private Good good(Folder source, Path file) throws IOException, Stop {
    Path path = settings.from().resolve(file);
    Optional<String> expected = expected(file);
    PosixFileAttributes is;
    try {
      is = source.attributes(file.getFileName());
    } catch (NoSuchFileException missing) {
      throw new Stop(Outcome.FAILED, "no good copy: " + path + " is not there");
    }
    try (FileChannel in = source.read(file.getFileName(), is)) {
      Sum sum = Sum.of(in);
      if (expected.isPresent() && !expected.get().equals(sum.sha256())) {
        throw new Stop(
            Outcome.FAILED,
            "the good copy %s is not good itself: it has the sum %s, and %s says %s"
                .formatted(path, sum.sha256(), settings.manifest().get(), expected.get()));
      }
      return new Good(path, is, sum);
    }
  }

  private Optional<String> expected(Path file) throws IOException, Stop {
    if (settings.manifest().isEmpty()) {
      return Optional.empty();
    }
    Path manifest = settings.manifest().get();
    Sums sums = Sums.read(manifest);
    for (String name : List.of(file.toString(), "./" + file)) {
      String sum = sums.byName().get(name);
      if (sum != null) {
        return Optional.of(sum);
      }
    }
    throw new Stop(
        Outcome.REFUSED, manifest + " has no sum of " + file + "; add it with sha256sum");
  }

  private static @Nullable PosixFileAttributes there(Folder folder, Path name) throws IOException {
    try {
      return folder.attributes(name);
    } catch (NoSuchFileException missing) {
      return null;
    }
  }

  private static boolean same(Folder folder, Path name, @Nullable PosixFileAttributes is, Good good)
      throws IOException {
    if (is == null || (is.isRegularFile() && is.size() != good.sum().bytes())) {
      return false;
    }
    try (FileChannel in = folder.read(name, is)) {
      return Sum.of(in).equals(good.sum());
    }
  }

  private Performed rehearsed(Root root, Path file, Good good) throws IOException {
    Path path = root.path().resolve(file);
    String size = "?";
    try (Folder folder = root.above(file)) {
      PosixFileAttributes is = there(folder, file.getFileName());
      if (same(folder, file.getFileName(), is, good)) {
        return answer(Outcome.ALREADY_DONE, path + " is as the good copy", List.of(), null);
      }
      size = is == null ? "missing" : is.size() + " bytes";
    } catch (NoSuchFileException missing) {
      size = "missing, and so is its directory";
    }
    String words =
        "would replace %s (%s) by %s (%d bytes, sha256 %s)"
            .formatted(path, size, good.path(), good.sum().bytes(), good.sum().sha256());
    return answer(Outcome.DONE, words, List.of(words), null);
  }

  private Performed restored(Root root, Path file, Good good, Folder source, Task task)
      throws Exception {
    try (Folder folder = root.make(file, Replacement.DIRECTORY)) {
      Replacement names = new Replacement(folder, file.getFileName(), task.incidentId());
      names.clean();
      PosixFileAttributes is = there(folder, file.getFileName());
      Path path = root.path().resolve(file);
      if (same(folder, file.getFileName(), is, good)) {
        String words = path + " is as the good copy";
        return answer(Outcome.ALREADY_DONE, words, List.of(), names.kept().orElse(null));
      }
      List<String> lines = new ArrayList<>(holders(is, path));
      try {
        names.fill(out -> copy(source, file, good, out), good.is());
        names.swap();
      } catch (IOException failure) {
        throw full(failure, path, good);
      } finally {
        names.clean();
      }
      Optional<String> kept = names.kept();
      String words =
          "put %s (%d bytes) in the place of %s%s"
              .formatted(
                  good.path(),
                  good.sum().bytes(),
                  path,
                  kept.map(name -> "; the broken one is kept as " + name).orElse(""));
      return answer(Outcome.DONE, words, lines, kept.orElse(null));
    }
  }

  private static void copy(Folder source, Path file, Good good, FileChannel out)
      throws IOException {
    try (FileChannel in = source.read(file.getFileName(), good.is())) {
      if (!Sum.copy(in, out).equals(good.sum())) {
        throw new IOException("the good copy " + good.path() + " changed while it was copied");
      }
    }
  }

  private static Exception full(IOException failure, Path path, Good good) {
    if (!Failure.noRoom(failure)) {
      return failure;
    }
    return new Stop(
        Outcome.FAILED,
        "no room for %d bytes beside %s: nothing was changed; make room, such as by clear_cache"
            .formatted(good.sum().bytes(), path));
  }

  private static List<String> holders(@Nullable PosixFileAttributes is, Path path)
      throws IOException {
    return is == null
        ? List.of()
        : OpenFiles.now()
            .holder(FileId.of(is))
            .map(pid -> List.of("process " + pid + " has the old " + path + " open, and keeps it"))
            .orElse(List.of());
  }

  @Override
  public Performed undo(Task task, String left) throws Exception {
    try {
      Path file = file(task);
      try (Root root = Root.open(settings.root());
          Folder folder = root.above(file)) {
        Replacement names = new Replacement(folder, file.getFileName(), task.incidentId());
        if (!names.kept().equals(Optional.of(left))) {
          return answer(
              Outcome.FAILED, left + " is not there any more beside " + file, List.of(), null);
        }
        names.back();
        String words = "put the replaced " + root.path().resolve(file) + " back";
        return answer(Outcome.DONE, words, List.of(), null);
      }
    } catch (Stop stop) {
      return stop.answer;
    } catch (Escape escape) {
      return answer(Outcome.REFUSED, String.valueOf(escape.getMessage()), List.of(), null);
    }
  }

  private static Performed answer(
      Outcome outcome, String detail, List<String> output, @Nullable String undo) {
    return new Performed(outcome, detail, output, undo);
  }
}
