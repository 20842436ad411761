package io.selfheal.cli;

import io.selfheal.file.Archived;
import io.selfheal.file.Broad;
import io.selfheal.file.Folder;
import io.selfheal.file.Globs;
import io.selfheal.file.Manifest;
import io.selfheal.file.Restoring;
import io.selfheal.file.Restoring.Result;
import io.selfheal.file.Restoring.State;
import io.selfheal.file.Root;
import io.selfheal.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code restore}: brings files back that {@code archive_files} has archived. It needs no agent: an
 * archive must be of use where there is none any more.
 */
@Command(
    name = "restore",
    description = {
      "Brings archived files back to where they were. What is there is never replaced,",
      "and the archive stays."
    },
    mixinStandardHelpOptions = true)
public final class RestoreCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "ARCHIVE",
      description = "The archive's directory: the one with manifest.jsonl in it.")
  private Path archive = Path.of("");

  @Option(
      names = "--to",
      paramLabel = "DIRECTORY",
      description = "Below this directory, instead of where they were.")
  private @Nullable Path to;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Only files with such names, for example \"**/*.log\".")
  private @Nullable String only;

  @Option(names = "--dry-run", description = "Say what would be restored; change nothing.")
  private boolean rehearsal;

  @Option(names = "-o", paramLabel = "FORM", description = "table (default) or json")
  private Output output = Output.TABLE;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Optional<String> wrong = Optional.ofNullable(only).flatMap(Globs::problem);
    if (wrong.isPresent()) {
      throw new AgentFailure(2, "--only \"" + only + "\" " + wrong.get());
    }
    List<Result> results = new ArrayList<>();
    try (Root root = Root.open(archive.toRealPath())) {
      trusted(root.folder());
      for (Archived file : Manifest.read(root.folder())) {
        if (only == null || Globs.of(List.of(only)).match(Path.of(file.name()))) {
          results.add(restore(root.folder(), file));
        }
      }
    } catch (NoSuchFileException missing) {
      throw new AgentFailure(
          Cli.ERROR,
          archive + " is no archive: there is no " + missing.getFile() + "; name the directory");
    }
    show(results);
    return results.stream().allMatch(RestoreCommand::back) ? Cli.OK : Cli.ERROR;
  }

  /** Who may write to a manifest says where files are made, with this user's rights. */
  private static void trusted(Folder folder) throws IOException, AgentFailure {
    PosixFileAttributes is = folder.attributes(Manifest.NAME);
    String owner = is.owner().getName();
    boolean ours = owner.equals("root") || owner.equals(System.getProperty("user.name"));
    boolean shared =
        is.permissions().contains(PosixFilePermission.GROUP_WRITE)
            || is.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    if (!ours || shared) {
      throw new AgentFailure(
          Cli.NOT_AUTHORISED,
          "%s could have been written by others (owner %s): run this as %s, or make sure of it, and chown and chmod 600 it"
              .formatted(folder.path().resolve(Manifest.NAME), owner, owner));
    }
  }

  private Result restore(Folder folder, Archived file) throws IOException {
    Path chosen = to == null ? Path.of(file.root()) : to.toRealPath();
    Optional<String> broad = to == null ? new Broad(List.of()).why(chosen) : Optional.empty();
    if (broad.isPresent()) {
      return new Result(file, State.FAILED, chosen + " " + broad.get() + "; use --to");
    }
    try (Root root = Root.open(chosen)) {
      return new Restoring(folder, rehearsal).restore(root, file);
    } catch (NoSuchFileException missing) {
      return new Result(
          file, State.FAILED, missing.getFile() + " is not there; make it, or use --to");
    } catch (IOException failure) {
      return new Result(file, State.FAILED, String.valueOf(failure.getMessage()));
    }
  }

  private static boolean back(Result result) {
    return result.state() == State.RESTORED || result.state() == State.PRESENT;
  }

  private void show(List<Result> results) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    long back = results.stream().filter(RestoreCommand::back).count();
    if (output == Output.JSON) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("archive", archive.toString());
      all.put("files", results);
      out.println(Json.text(all));
    } else {
      for (Result one : results) {
        Path base = to == null ? Path.of(one.file().root()) : to;
        out.println(base.resolve(one.file().name()) + ": " + one.detail());
      }
      String verb = rehearsal ? "would be there" : "are there";
      out.println(back + " of " + results.size() + " files " + verb);
    }
    out.flush();
  }
}
