package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.file.Disk;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Subject;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RestoreFileTest {
  @TempDir private Path directory;
  private Path live;
  private Path good;

  @BeforeEach
  void twoTrees() throws Exception {
    live = Files.createDirectories(directory.toRealPath().resolve("live/en"));
    good = Files.createDirectories(directory.toRealPath().resolve("good/en"));
    Files.writeString(good.resolve("m.bin"), "good");
    Files.writeString(live.resolve("m.bin"), "evil");
  }

  private Act act(String rest) throws BadConfiguration {
    return Tasks.act(
        new RestoreFile(Tasks.BROAD),
        "{ root: %s, from: %s %s }".formatted(live.getParent(), good.getParent(), rest));
  }

  private Task task() {
    return Tasks.task(Subject.file(live.resolve("m.bin")), Duration.ofMinutes(1));
  }

  private List<String> names() throws Exception {
    try (Stream<Path> all = Files.list(live)) {
      return all.map(one -> one.getFileName().toString()).sorted().toList();
    }
  }

  private String content() throws Exception {
    return Files.readString(live.resolve("m.bin"));
  }

  private Path manifest() throws Exception {
    Path manifest = good.resolveSibling("SUMS");
    Process process =
        new ProcessBuilder("sh", "-c", "sha256sum en/* > SUMS")
            .directory(good.getParent().toFile())
            .start();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0);
    return manifest;
  }

  @Test
  void replacesABrokenFileKeepsItAndPutsItBack() throws Exception {
    Files.setPosixFilePermissions(
        live.resolve("m.bin"), PosixFilePermissions.fromString("rw-r-----"));
    Files.setAttribute(live.resolve("m.bin"), "unix:uid", 12345);
    Act act = act(", manifest: " + manifest());
    Performed rehearsed = act.rehearse(task());
    assertEquals(Outcome.DONE, rehearsed.outcome(), rehearsed.detail());
    assertTrue(rehearsed.detail().contains("(4 bytes) by"), rehearsed.detail());
    assertEquals("evil", content(), "a rehearsal changes nothing");

    Performed done = act.perform(task());
    assertEquals(Outcome.DONE, done.outcome(), done.detail());
    assertEquals("good", content());
    assertEquals(
        "rw-r-----",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(live.resolve("m.bin"))));
    assertEquals(12345, Files.getAttribute(live.resolve("m.bin"), "unix:uid"));
    String kept = Objects.requireNonNull(done.undo());
    assertEquals("evil", Files.readString(live.resolve(kept)));
    assertEquals(2, names().size(), names()::toString);

    assertEquals(Outcome.ALREADY_DONE, act.finish(task()).outcome());
    assertEquals(kept, act.finish(task()).undo());

    assertEquals(Outcome.DONE, act.undo(task(), kept).outcome());
    assertEquals("evil", content());
    assertEquals(List.of("m.bin"), names());
    assertEquals(Outcome.FAILED, act.undo(task(), kept).outcome());
  }

  @Test
  void aMissingFileComesBackWithItsDirectory() throws Exception {
    Files.delete(live.resolve("m.bin"));
    Files.delete(live);
    Performed done = act("").perform(task());
    assertEquals(Outcome.DONE, done.outcome(), done.detail());
    assertEquals("good", content());
    assertNull(done.undo());
    assertEquals(List.of("m.bin"), names());
  }

  @Test
  void aCopyThatIsNotGoodItselfIsNotUsed() throws Exception {
    Act act = act(", manifest: " + manifest());
    Files.writeString(good.resolve("m.bin"), "goof");
    Performed done = act.perform(task());
    assertEquals(Outcome.FAILED, done.outcome());
    assertTrue(done.detail().contains("is not good itself"), done.detail());
    assertEquals("evil", content());
    Files.writeString(good.resolveSibling("SUMS"), "");
    assertEquals(Outcome.REFUSED, act.perform(task()).outcome(), "no sum of it");
  }

  @Test
  void aFileThatIsGoodIsLeftAlone() throws Exception {
    Files.writeString(live.resolve("m.bin"), "good");
    assertEquals(Outcome.ALREADY_DONE, act("").rehearse(task()).outcome());
    assertEquals(Outcome.ALREADY_DONE, act("").perform(task()).outcome());
    assertEquals(List.of("m.bin"), names());
  }

  @Test
  void whatAnEarlierRunLeftIsCleanedUp() throws Exception {
    Act act = act("");
    Performed done = act.perform(task());
    String part = Objects.requireNonNull(done.undo()).replace("-broken", "-part");
    Files.writeString(live.resolve(part), "half");
    Files.writeString(live.resolve("m.bin"), "evil again");
    Performed again = act.finish(task());
    assertEquals(Outcome.DONE, again.outcome(), again.detail());
    assertEquals("good", content());
    assertEquals(
        "evil again", Files.readString(live.resolve(Objects.requireNonNull(again.undo()))));
    assertEquals(2, names().size(), names()::toString);
  }

  @Test
  void noRoomChangesNothing() throws Exception {
    try (Disk disk = new Disk()) {
      disk.tmpfs(live, "1m");
      Files.writeString(live.resolve("m.bin"), "evil");
      Files.write(good.resolve("m.bin"), new byte[900 << 10]);
      Disk.fill(live.resolve("filler"));
      Act act =
          Tasks.act(new RestoreFile(Tasks.BROAD), "{ root: %s, from: %s }".formatted(live, good));
      Performed done = act.perform(task());
      assertEquals(Outcome.FAILED, done.outcome());
      assertTrue(done.detail().contains("no room for 921600 bytes"), done.detail());
      assertEquals("evil", content());
      assertEquals(List.of("filler", "m.bin"), names());
    }
  }

  @Test
  void linksAreNotFollowedOnEitherSide() throws Exception {
    Path elsewhere = Files.writeString(directory.toRealPath().resolve("elsewhere"), "keep");
    Files.delete(live.resolve("m.bin"));
    Files.createSymbolicLink(live.resolve("m.bin"), elsewhere);
    assertEquals(Outcome.REFUSED, act("").perform(task()).outcome());
    assertEquals("keep", Files.readString(elsewhere));
    Files.delete(live.resolve("m.bin"));
    Files.delete(good.resolve("m.bin"));
    Files.createSymbolicLink(good.resolve("m.bin"), elsewhere);
    assertEquals(Outcome.REFUSED, act("").perform(task()).outcome());
    assertFalse(Files.exists(live.resolve("m.bin")));
  }

  @Test
  void onlyFilesBelowTheRootAreReplaced() throws Exception {
    Act act = act("");
    for (String subject :
        List.of("file/etc/passwd", "worker/w.1", "file" + live + "/../../x", "host")) {
      Performed done = act.perform(Tasks.task(subject, Duration.ofMinutes(1)));
      assertEquals(Outcome.REFUSED, done.outcome(), done.detail());
    }
    assertEquals(
        Outcome.DONE,
        act(", file: en/m.bin").perform(Tasks.task("host", Duration.ofMinutes(1))).outcome());
  }

  @Test
  void anInterruptLeavesNothingHalfDone() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(Exception.class, () -> act("").perform(task()));
    assertTrue(Thread.interrupted());
    assertEquals("evil", content());
    assertEquals(List.of("m.bin"), names());
  }

  @Test
  void aProcessThatKeepsTheOldOneIsNamed() throws Exception {
    Process holder =
        new ProcessBuilder("sleep", "60").redirectInput(live.resolve("m.bin").toFile()).start();
    try {
      Performed done = act("").perform(task());
      assertTrue(
          done.output().toString().contains("process " + holder.pid() + " has the old"),
          done.output()::toString);
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ } | root: is missing",
        "{ root: /etc, from: /data/g } | /etc is too broad",
        "{ root: /data/a, from: /data/a/b } | from: is in root",
        "{ root: /data/a, from: /data/b, manifest: x } | is not absolute",
        "{ root: /data/a, from: /data/b, file: ../x } | is no name below root",
        "{ root: /data/a, from: /data/b, file: /x } | is no name below root"
      })
  void saysWhatIsWrong(String with, String expected) {
    BadConfiguration bad =
        assertThrows(BadConfiguration.class, () -> Tasks.act(new RestoreFile(Tasks.BROAD), with));
    assertTrue(bad.getMessage().contains(expected), bad.getMessage());
  }
}
