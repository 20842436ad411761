package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.file.Disk;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clock of the acts is thirty days ahead, so that every file is old. */
@Timeout(60)
class ArchiveFilesTest {
  @TempDir private Path directory;
  private Path logs;
  private Path archives;

  @BeforeEach
  void twoTrees() throws Exception {
    logs = Files.createDirectories(directory.toRealPath().resolve("logs"));
    archives = Files.createDirectories(directory.toRealPath().resolve("archives"));
    Files.createDirectories(logs.resolve("a"));
    Files.writeString(logs.resolve("a/1.log"), "one ".repeat(1000));
    Files.writeString(logs.resolve("2 é.log"), "two");
    Files.writeString(logs.resolve("other.txt"), "stays");
  }

  private Act act(String rest) throws BadConfiguration {
    return Tasks.act(
        new ArchiveFiles(Tasks.BROAD),
        "{ roots: [%s], globs: [\"**/*.log\"], to: %s, keep_free: 0B %s }"
            .formatted(logs, archives, rest));
  }

  private static Task task() {
    return Tasks.later(Duration.ofDays(30), Duration.ofMinutes(1));
  }

  private static List<String> names(Path below) throws Exception {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(one -> !Files.isDirectory(one))
          .map(one -> below.relativize(one).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void oldFilesGoIntoAnArchiveAndComeBackAsTheyWere() throws Exception {
    Path one = logs.resolve("a/1.log");
    Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rw-r-----"));
    Files.setAttribute(one, "unix:uid", 12345);
    var modified = Files.getLastModifiedTime(one);
    Act act = act("");
    Performed rehearsed = act.rehearse(task());
    assertEquals(Outcome.DONE, rehearsed.outcome());
    assertTrue(
        rehearsed.output().toString().contains("would archive " + one + " (4000 bytes"),
        rehearsed.output()::toString);
    assertEquals(List.of(), names(archives));

    Performed done = act.perform(task());
    assertEquals(Outcome.DONE, done.outcome(), done::toString);
    assertEquals(List.of("other.txt"), names(logs));
    Path archive = Path.of(Objects.requireNonNull(done.undo()));
    assertEquals(
        List.of("000001-1.log.gz", "000002-2__.log.gz", "manifest.jsonl").size(),
        names(archive).size(),
        names(archive)::toString);
    Process gunzip =
        new ProcessBuilder("sh", "-c", "gunzip -c *-1.log.gz | wc -c")
            .directory(archive.toFile())
            .start();
    assertEquals(
        "4000", new String(gunzip.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    assertEquals(Outcome.ALREADY_DONE, act.finish(task()).outcome());

    Performed undone = act.undo(task(), archive.toString());
    assertEquals(Outcome.DONE, undone.outcome(), undone::toString);
    assertEquals(List.of("2 é.log", "a/1.log", "other.txt"), names(logs));
    assertEquals("one ".repeat(1000), Files.readString(one));
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(one)));
    assertEquals(12345, Files.getAttribute(one, "unix:uid"));
    assertEquals(modified, Files.getLastModifiedTime(one));
    assertEquals(Outcome.DONE, act.undo(task(), archive.toString()).outcome(), "twice is safe");
  }

  @Test
  void whatIsYoungStaysAndNoEmptyArchiveIsLeft() throws Exception {
    Performed done = act("").perform(Tasks.task());
    assertEquals(Outcome.ALREADY_DONE, done.outcome());
    assertNull(done.undo());
    assertEquals(3, names(logs).size());
    try (Stream<Path> none = Files.list(archives)) {
      assertEquals(0, none.count());
    }
  }

  @Test
  void whatAProcessHasOpenStays() throws Exception {
    Process holder =
        new ProcessBuilder("sleep", "60")
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logs.resolve("a/1.log").toFile()))
            .start();
    try {
      Performed done = act("").perform(task());
      assertEquals(Outcome.DONE, done.outcome(), done::toString);
      assertEquals(List.of("a/1.log", "other.txt"), names(logs));
      assertTrue(
          done.output().toString().contains("is open by process " + holder.pid()),
          done.output()::toString);
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void aFullDiskLosesNothingAndSaysSo() throws Exception {
    try (Disk disk = new Disk()) {
      disk.tmpfs(archives, "2m");
      byte[] noise = new byte[1200 << 10];
      new Random(7).nextBytes(noise);
      Files.write(logs.resolve("big.log"), noise);
      Files.write(logs.resolve("bigger.log"), noise);
      Performed done = act("").perform(task());
      assertEquals(Outcome.FAILED, done.outcome());
      assertTrue(done.detail().contains("has no room for"), done.detail());
      assertTrue(done.detail().contains("no file was lost"), done.detail());
      Path archive = Path.of(Objects.requireNonNull(done.undo()));
      assertTrue(
          names(archive).stream().allMatch(one -> one.matches("\\d{6}-.*\\.gz|manifest\\.jsonl")),
          names(archive)::toString);
      assertEquals(2, names(logs).size(), "one of the big ones stays: " + names(logs));
      assertEquals(Outcome.DONE, act("").undo(task(), archive.toString()).outcome());
      assertEquals(5, names(logs).size());
    }
  }

  @Test
  void oneDiskWithoutAnyRoomLosesNothing() throws Exception {
    try (Disk disk = new Disk()) {
      disk.tmpfs(archives, "64k");
      Disk.fill(archives.resolve("filler"));
      Performed done = act("").perform(task());
      assertEquals(Outcome.FAILED, done.outcome(), done::toString);
      assertEquals(3, names(logs).size());
      assertEquals(List.of("filler"), names(archives));
    }
  }

  @Test
  void someRoomIsKeptForOthers() throws Exception {
    try (Disk disk = new Disk()) {
      disk.tmpfs(archives, "2m");
      Act act =
          Tasks.act(
              new ArchiveFiles(Tasks.BROAD),
              "{ roots: [%s], globs: [\"**/*.log\"], to: %s, keep_free: 4MiB }"
                  .formatted(logs, archives));
      Performed done = act.perform(task());
      assertEquals(Outcome.FAILED, done.outcome());
      assertTrue(done.detail().contains("to stay free"), done.detail());
      assertEquals(3, names(logs).size());
      assertEquals(List.of(), names(archives));
    }
  }

  @Test
  void linksAndMountsStay() throws Exception {
    Path elsewhere = Files.createDirectory(directory.toRealPath().resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("x.log"), "keep");
    Files.createSymbolicLink(logs.resolve("dir"), elsewhere);
    Files.createSymbolicLink(logs.resolve("l.log"), elsewhere.resolve("x.log"));
    Path mount = Files.createDirectory(logs.resolve("mnt"));
    try (Disk disk = new Disk()) {
      disk.bind(elsewhere, mount);
      assertEquals(Outcome.DONE, act("").perform(task()).outcome());
    }
    assertEquals("keep", Files.readString(elsewhere.resolve("x.log")));
    assertEquals(List.of("dir", "l.log", "other.txt"), List.copyOf(listed()));
  }

  private List<String> listed() throws Exception {
    try (Stream<Path> all = Files.list(logs)) {
      return all.map(one -> one.getFileName().toString())
          .filter(one -> !one.equals("a") && !one.equals("mnt"))
          .sorted()
          .toList();
    }
  }

  @Test
  void whatTookTheNameOfAnArchivedFileIsNotReplaced() throws Exception {
    Act act = act("");
    Performed done = act.perform(task());
    Files.writeString(logs.resolve("a/1.log"), "new");
    Performed undone = act.undo(task(), Objects.requireNonNull(done.undo()));
    assertEquals(Outcome.FAILED, undone.outcome());
    assertTrue(undone.output().toString().contains("something else has its name"));
    assertEquals("new", Files.readString(logs.resolve("a/1.log")));
    assertEquals("two", Files.readString(logs.resolve("2 é.log")));
  }

  @Test
  void aDamagedArchiveIsNotRestored() throws Exception {
    Act act = act("");
    Performed done = act.perform(task());
    Path archive = Path.of(Objects.requireNonNull(done.undo()));
    for (String name : names(archive)) {
      if (name.endsWith("1.log.gz")) {
        byte[] bytes = Files.readAllBytes(archive.resolve(name));
        bytes[bytes.length / 2] ^= 1;
        Files.write(archive.resolve(name), bytes);
      }
    }
    Performed undone = act.undo(task(), archive.toString());
    assertEquals(Outcome.FAILED, undone.outcome());
    assertEquals(List.of("2 é.log", "other.txt"), names(logs), "nothing half");
  }

  @Test
  void onlyArchivesOfItsOwnAreUndone() throws Exception {
    assertEquals(Outcome.REFUSED, act("").undo(task(), "/etc/x").outcome());
    assertEquals(Outcome.REFUSED, act("").undo(task(), archives + "/../archives/x").outcome());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ roots: [/data/a], globs: [x] } | to: is missing",
        "{ roots: [/data/a], globs: [x], to: /data/a/b } | to: is in a root",
        "{ roots: [/data/a], globs: [x], to: /var/lib } | /var/lib is too broad",
        "{ roots: [/data/a], globs: [x], to: /data/b, older_than: 1s } | is not a duration",
        "{ roots: [/data/a], globs: [x], to: /data/b, until: 80% } | is not a known key"
      })
  void saysWhatIsWrong(String with, String expected) {
    BadConfiguration bad =
        assertThrows(BadConfiguration.class, () -> Tasks.act(new ArchiveFiles(Tasks.BROAD), with));
    assertTrue(bad.getMessage().contains(expected), bad.getMessage());
  }
}
