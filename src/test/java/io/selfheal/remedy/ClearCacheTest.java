package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.file.Disk;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ClearCacheTest {
  private static final int MIB = 1 << 20;

  @TempDir private Path directory;
  private Path cache;

  @BeforeEach
  void madeRoot() throws Exception {
    cache = Files.createDirectory(directory.toRealPath().resolve("cache"));
  }

  private Act act(String rest) throws BadConfiguration {
    return Tasks.act(
        new ClearCache(Tasks.BROAD),
        "{ roots: [%s], globs: [\"**/*.bin\"], min_age: 0s, %s }".formatted(cache, rest));
  }

  private static Path file(Path at, int bytes, int age) throws Exception {
    Files.createDirectories(at.getParent());
    Files.write(at, new byte[bytes]);
    Files.setLastModifiedTime(at, FileTime.from(Instant.now().minus(Duration.ofDays(age))));
    return at;
  }

  private List<String> names() throws Exception {
    try (Stream<Path> all = Files.walk(cache)) {
      return all.filter(one -> !Files.isDirectory(one))
          .map(one -> cache.relativize(one).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void theOldestGoUntilTheFileSystemHasRoomAgain() throws Exception {
    try (Disk disk = new Disk()) {
      disk.tmpfs(cache, "10m");
      for (int i = 0; i < 9; i++) {
        file(cache.resolve("d" + i % 2).resolve(i + ".bin"), MIB, 0);
      }
      file(cache.resolve("other.txt"), 1, 100);
      Act act = act("until: 75%");
      Performed rehearsed = act.rehearse(Tasks.task());
      assertEquals(Outcome.DONE, rehearsed.outcome(), rehearsed.detail());
      assertEquals(10, names().size(), "a rehearsal changes nothing");
      assertTrue(
          rehearsed
              .output()
              .getFirst()
              .startsWith("would remove " + cache + "/d0/0.bin (1048576 b"),
          rehearsed.output()::toString);

      Performed done = act.perform(Tasks.task());
      assertEquals(Outcome.DONE, done.outcome(), done.detail());
      assertEquals(rehearsed.output().size(), done.output().size(), "what was said was done");
      assertTrue(Room.of(cache).used() <= 0.75, done.detail());
      assertEquals(
          List.of(
              "d0/2.bin",
              "d0/4.bin",
              "d0/6.bin",
              "d0/8.bin",
              "d1/3.bin",
              "d1/5.bin",
              "d1/7.bin",
              "other.txt"),
          names());

      assertEquals(Outcome.ALREADY_DONE, act.perform(Tasks.task()).outcome());
    }
  }

  @Test
  void keepsSoManyBytesTheNewest() throws Exception {
    file(cache.resolve("new.bin"), 100, 0);
    Act act = act("keep: 150B");
    assertEquals(Outcome.ALREADY_DONE, act.rehearse(Tasks.task()).outcome());
    file(cache.resolve("a/newer.bin"), 100, 0);
    assertEquals(Outcome.DONE, act.perform(Tasks.task()).outcome());
    assertEquals(List.of("a/newer.bin"), names());
  }

  @Test
  void whatAProcessHasOpenStays() throws Exception {
    Path open = file(cache.resolve("open.bin"), 100, 0);
    file(cache.resolve("idle.bin"), 100, 0);
    Process holder = new ProcessBuilder("sleep", "60").redirectInput(open.toFile()).start();
    try {
      Performed done = act("keep: 0B").perform(Tasks.task());
      assertEquals(Outcome.FAILED, done.outcome(), "100 bytes more should go");
      assertEquals(List.of("open.bin"), names());
      assertTrue(
          done.output().toString().contains("open.bin is open by process " + holder.pid()),
          done.output()::toString);
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatIsYoungStays() throws Exception {
    file(cache.resolve("young.bin"), 100, 0);
    Act act =
        Tasks.act(
            new ClearCache(Tasks.BROAD),
            "{ roots: [%s], globs: [\"*.bin\"], keep: 0B }".formatted(cache));
    Performed done = act.perform(Tasks.task());
    assertEquals(Outcome.FAILED, done.outcome());
    assertTrue(done.detail().contains("1 younger than min_age"), done.detail());
    assertEquals(List.of("young.bin"), names());
  }

  @Test
  void aFileWithAnOldDateThatWasJustMadeIsYoung() throws Exception {
    file(cache.resolve("unpacked.bin"), 100, 900);
    Act act =
        Tasks.act(
            new ClearCache(Tasks.BROAD),
            "{ roots: [%s], globs: [\"*.bin\"], keep: 0B }".formatted(cache));
    assertEquals(Outcome.FAILED, act.perform(Tasks.task()).outcome());
    assertEquals(List.of("unpacked.bin"), names());
  }

  @Test
  void linksAndWhatTheyLeadToStay() throws Exception {
    Path elsewhere = file(directory.toRealPath().resolve("elsewhere/x.bin"), 100, 0);
    Files.createSymbolicLink(cache.resolve("l.bin"), elsewhere);
    Files.createSymbolicLink(cache.resolve("dir"), elsewhere.getParent());
    assertEquals(Outcome.ALREADY_DONE, act("keep: 0B").perform(Tasks.task()).outcome());
    assertEquals(List.of("l.bin"), names());
    assertTrue(Files.exists(elsewhere));
  }

  @Test
  void aRootThatBecameALinkIsRefused() throws Exception {
    Act act = act("keep: 0B");
    Path elsewhere = file(directory.toRealPath().resolve("elsewhere/x.bin"), 100, 0);
    Files.delete(cache);
    Files.createSymbolicLink(cache, elsewhere.getParent());
    Performed done = act.perform(Tasks.task());
    assertEquals(Outcome.REFUSED, done.outcome());
    assertTrue(done.detail().contains("symbolic link"), done.detail());
    assertTrue(Files.exists(elsewhere));
  }

  @Test
  void aRootThatIsNotThereIsRefused() throws Exception {
    Act act = act("keep: 0B");
    Files.delete(cache);
    Performed done = act.perform(Tasks.task());
    assertEquals(Outcome.REFUSED, done.outcome());
    assertTrue(done.detail().contains("is not there"), done.detail());
  }

  @Test
  void untilIsOfOneFileSystem() throws Exception {
    try (Disk disk = new Disk()) {
      Path other = disk.tmpfs(directory.toRealPath().resolve("other"), "1m");
      Act act =
          Tasks.act(
              new ClearCache(Tasks.BROAD),
              "{ roots: [%s, %s], globs: [\"*\"], until: 1%% }".formatted(cache, other));
      Performed done = act.perform(Tasks.task());
      assertEquals(Outcome.REFUSED, done.outcome());
      assertTrue(done.detail().contains("more than one file system"), done.detail());
    }
  }

  @Test
  void endsWhenItIsInterrupted() throws Exception {
    file(cache.resolve("a.bin"), 100, 0);
    Act act = act("keep: 0B");
    Thread.currentThread().interrupt();
    assertThrows(Exception.class, () -> act.perform(Tasks.task()));
    assertFalse(Thread.interrupted(), "the interrupt was heeded");
    assertEquals(List.of("a.bin"), names());
  }

  @Test
  void endsByItselfBeforeItsDeadlineAndSaysHowFarItCame() throws Exception {
    file(cache.resolve("a.bin"), 100, 0);
    Performed done = act("keep: 0B").perform(Tasks.task("host", Duration.ofNanos(1)));
    assertEquals(Outcome.FAILED, done.outcome());
    assertTrue(done.detail().contains("the time was up"), done.detail());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ globs: [x], keep: 0B } | roots: is missing",
        "{ roots: [/], globs: [x], keep: 0B } | / holds",
        "{ roots: [/etc], globs: [x], keep: 0B } | /etc is too broad",
        "{ roots: [/srv/selfheal/x], globs: [x], keep: 0B } | the agent's own",
        "{ roots: [/data/a/../b], globs: [x], keep: 0B } | without . and ..",
        "{ roots: [/data/a, /data/a/b], globs: [x], keep: 0B } | is in another of them",
        "{ roots: [/data/a], keep: 0B } | globs: is missing",
        "{ roots: [/data/a], globs: [../x], keep: 0B } | .. in it",
        "{ roots: [/data/a], globs: [/data/a/x], keep: 0B } | is not a pattern below a root",
        "{ roots: [/data/a], globs: [x] } | until: is missing, and so is keep",
        "{ roots: [/data/a], globs: [x], keep: lots } | is not a size",
        "{ roots: [/data/a], globs: [x], keep: 0B, by: name } | is not a choice here",
        "{ roots: [/data/a], globs: [x], keep: 0B, age: 3d } | is not a known key",
        "{ roots: [/proc/self/cwd/x], globs: [x], keep: 0B } | belongs to the system"
      })
  void saysWhatIsWrong(String with, String expected) {
    BadConfiguration bad =
        assertThrows(BadConfiguration.class, () -> Tasks.act(new ClearCache(Tasks.BROAD), with));
    assertTrue(bad.getMessage().contains(expected), bad.getMessage());
  }

  @Test
  void aRootBehindALinkIsWrongAndTheHintHasItsRealName() throws Exception {
    Path link = Files.createSymbolicLink(directory.toRealPath().resolve("link"), cache);
    BadConfiguration bad =
        assertThrows(
            BadConfiguration.class,
            () ->
                Tasks.act(
                    new ClearCache(Tasks.BROAD),
                    "{ roots: [%s], globs: [x], keep: 0B }".formatted(link)));
    assertTrue(bad.getMessage().contains("write " + cache), bad.getMessage());
  }
}
