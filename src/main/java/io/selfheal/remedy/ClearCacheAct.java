package io.selfheal.remedy;

import io.selfheal.file.Escape;
import io.selfheal.file.Failure;
import io.selfheal.file.Folder;
import io.selfheal.file.Found;
import io.selfheal.file.OpenFiles;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The act of {@link ClearCache}. Safe to do twice: it looks anew at how much must go. */
final class ClearCacheAct implements Act {
  /** What is known of open files is looked at anew after so long. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final ClearCache.Settings settings;

  ClearCacheAct(ClearCache.Settings settings) {
    this.settings = settings;
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
    try (Roots roots = Roots.open(settings.roots())) {
      return clear(task, roots, rehearsal);
    } catch (Escape escape) {
      return answer(Outcome.REFUSED, String.valueOf(escape.getMessage()), List.of());
    } catch (NoSuchFileException missing) {
      return answer(
          Outcome.REFUSED,
          missing.getFile() + " is not there; mount or make it, or correct roots",
          List.of());
    } catch (FileSystemException failure) {
      return answer(Outcome.FAILED, failure.getFile() + " " + Failure.why(failure), List.of());
    }
  }

  private Performed clear(Task task, Roots roots, boolean rehearsal) throws Exception {
    Lines lines = new Lines();
    Stock stock = new Stock(settings.by().of());
    lines.notes(roots.walk(settings.globs(), stock::add));
    if (settings.until().isPresent() && !roots.together()) {
      return answer(
          Outcome.REFUSED,
          "the roots are on more than one file system, and until speaks of one; write a rung for"
              + " each",
          List.of());
    }
    long need = need(stock);
    if (need == 0) {
      return answer(Outcome.ALREADY_DONE, "nothing must go: " + state(stock.bytes()), lines.all());
    }
    OpenFiles held = OpenFiles.now();
    Optional<String> blind = Seeing.problem(held, settings.unseen());
    if (blind.isPresent()) {
      return answer(Outcome.REFUSED, blind.get(), List.of());
    }
    Clearing plan =
        Clearing.plan(
            stock.oldest(), need, task.around().time().now().minus(settings.minAge()), held);
    lines.notes(plan.notes());
    return rehearsal ? rehearsed(plan, lines) : removed(task, roots, plan, stock, lines);
  }

  private Performed rehearsed(Clearing plan, Lines lines) {
    plan.go()
        .forEach(
            file ->
                lines.file(
                    "would remove %s (%d bytes, modified %s)"
                        .formatted(file.path(), file.bytes(), file.modified()),
                    file.bytes()));
    String words =
        "would remove %s, %d bytes; %d bytes should go"
            .formatted(Sizes.files(plan.go().size()), plan.bytes(), plan.need());
    return answer(
        plan.go().isEmpty() ? Outcome.FAILED : Outcome.DONE, words + plan.kept(), lines.all());
  }

  private Performed removed(Task task, Roots roots, Clearing plan, Stock stock, Lines lines)
      throws Exception {
    Allowance allowance = Allowance.of(task);
    OpenFiles held = OpenFiles.now();
    long looked = task.around().time().mark();
    long files = 0;
    long bytes = 0;
    boolean late = false;
    for (Found file : plan.go()) {
      late = allowance.over();
      if (late) {
        break;
      }
      if (task.around().time().since(looked).compareTo(FRESH) > 0) {
        held = OpenFiles.now();
        looked = task.around().time().mark();
      }
      Optional<String> kept = remove(roots, file, held);
      if (kept.isPresent()) {
        lines.note("kept: " + file.path() + " " + kept.get());
        continue;
      }
      files++;
      bytes += file.bytes();
      lines.file("removed %s (%d bytes)".formatted(file.path(), file.bytes()), file.bytes());
    }
    String words =
        "removed %s, %s; now %s"
            .formatted(Sizes.files(files), Sizes.text(bytes), state(stock.bytes() - bytes));
    boolean enough = bytes >= plan.need();
    String missing =
        enough
            ? ""
            : "; %s more should go%s"
                .formatted(
                    Sizes.text(plan.need() - bytes), late ? ", but the time was up" : plan.kept());
    return answer(enough ? Outcome.DONE : Outcome.FAILED, words + missing, lines.all());
  }

  /** Why a file is kept; empty when it is gone. */
  private static Optional<String> remove(Roots roots, Found file, OpenFiles held) {
    if (held.holder(file.id()).isPresent()) {
      return Optional.of("was opened by a process meanwhile");
    }
    try (Folder above = roots.of(file).above(file.name())) {
      Path last = file.name().getFileName();
      if (!file.still(above.attributes(last))) {
        return Optional.of("is another file now, or was modified");
      }
      above.delete(last);
      return Optional.empty();
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException failure) {
      return Optional.of("cannot be removed: " + Failure.why(failure));
    }
  }

  private long need(Stock stock) throws IOException {
    long need = 0;
    if (settings.until().isPresent()) {
      need = Room.of(settings.roots().getFirst()).over(settings.until().getAsDouble());
    }
    if (settings.keep().isPresent()) {
      need = Math.max(need, stock.bytes() - settings.keep().getAsLong());
    }
    return need;
  }

  private String state(long bytes) throws IOException {
    OptionalDouble until = settings.until();
    String files = Sizes.text(bytes) + " are in these files";
    if (until.isEmpty()) {
      return files;
    }
    double used = Room.of(settings.roots().getFirst()).used();
    return "%s of the file system are used (aim: %s), %s"
        .formatted(Sizes.share(used), Sizes.share(until.getAsDouble()), files);
  }

  private static Performed answer(Outcome outcome, String detail, List<String> output) {
    return new Performed(outcome, detail, output, null);
  }
}
