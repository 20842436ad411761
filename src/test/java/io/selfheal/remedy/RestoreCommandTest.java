package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.cli.Cli;
import io.selfheal.cli.RestoreCommand;
import io.selfheal.message.RemedyRequests.Performed;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command on an archive that the remedy made. */
@Timeout(60)
class RestoreCommandTest {
  @TempDir private Path directory;
  private Path logs;
  private Path archive;
  private final StringWriter out = new StringWriter();

  @BeforeEach
  void archived() throws Exception {
    logs = Files.createDirectories(directory.toRealPath().resolve("logs"));
    Path archives = Files.createDirectories(directory.toRealPath().resolve("archives"));
    Files.createDirectory(logs.resolve("a"));
    Files.writeString(logs.resolve("a/1.log"), "one");
    Files.writeString(logs.resolve("2.txt"), "two");
    Performed done =
        Tasks.act(
                new ArchiveFiles(Tasks.BROAD),
                "{ roots: [%s], globs: [\"**\"], to: %s, keep_free: 0B }".formatted(logs, archives))
            .perform(Tasks.later(Duration.ofDays(30), Duration.ofMinutes(1)));
    archive = Path.of(Objects.requireNonNull(done.undo()));
    assertFalse(Files.exists(logs.resolve("2.txt")));
  }

  private int run(String... arguments) {
    return new CommandLine(new RestoreCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println(Cli.explain(failure));
              return Cli.exitCode(failure);
            })
        .execute(arguments);
  }

  @Test
  void bringsThemBackAndNeverReplaces() throws Exception {
    assertEquals(0, run(archive.toString(), "--dry-run"));
    assertTrue(out.toString().contains(logs + "/a/1.log: would be restored"), out.toString());
    assertFalse(Files.exists(logs.resolve("2.txt")));

    assertEquals(0, run(archive.toString(), "--only", "**/*.log"));
    assertEquals("one", Files.readString(logs.resolve("a/1.log")));
    assertFalse(Files.exists(logs.resolve("2.txt")));

    Files.writeString(logs.resolve("2.txt"), "another");
    assertEquals(1, run(archive.toString()));
    assertTrue(out.toString().contains("something else has its name, and stays"), out.toString());
    assertTrue(out.toString().contains("1 of 2 files are there"), out.toString());
    assertEquals("another", Files.readString(logs.resolve("2.txt")));
  }

  @Test
  void restoresElsewhere() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    assertEquals(0, run(archive.toString(), "--to", other.toString(), "-o", "json"));
    assertEquals("two", Files.readString(other.resolve("2.txt")));
    assertTrue(out.toString().contains("\"state\":\"restored\""), out.toString());
  }

  @Test
  void aManifestThatOthersCanWriteIsNotFollowed() throws Exception {
    Files.setPosixFilePermissions(
        archive.resolve("manifest.jsonl"), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertEquals(4, run(archive.toString()));
    assertTrue(out.toString().contains("could have been written by others"), out.toString());
  }

  @Test
  void aManifestDoesNotLeadElsewhere() throws Exception {
    Path manifest = archive.resolve("manifest.jsonl");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replace("\"a/1.log\"", "\"../stolen\""));
    assertEquals(1, run(archive.toString()));
    assertTrue(out.toString().contains("leads out of"), out.toString());
    assertFalse(Files.exists(logs.resolveSibling("stolen")));
    Files.writeString(manifest, text.replace(logs.toString(), "/etc"));
    assertEquals(1, run(archive.toString()));
    assertTrue(out.toString().contains("/etc is too broad"), out.toString());
  }

  @Test
  void saysWhatIsNoArchive() {
    assertEquals(1, run(directory.toString()));
    assertTrue(out.toString().contains("is no archive"), out.toString());
    assertEquals(2, run(archive.toString(), "--only", "/x"));
  }
}
