package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process is killed in the middle of an act, at another moment each time. */
@Timeout(400)
class KilledTest {
  private static final int ROUNDS = 20;
  private static final int FILES = 60;

  @TempDir private Path directory;
  private Path logs;
  private Path archives;
  private final Random random = new Random();
  private int killed;

  @BeforeEach
  void trees() throws Exception {
    logs = Files.createDirectories(directory.toRealPath().resolve("logs"));
    archives = Files.createDirectories(directory.toRealPath().resolve("archives"));
  }

  private static Task task() {
    return Tasks.later(Duration.ofDays(30), Duration.ofMinutes(5));
  }

  /** Starts it, and kills it so many milliseconds after it has begun. */
  private void killed(int after, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Labourer.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertEquals("go", out.readLine());
    killed += process.waitFor(after, TimeUnit.MILLISECONDS) ? 0 : 1;
    process.destroyForcibly();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
  }

  private static String content(int number) {
    return ("line of " + number + "\n").repeat(2000 + number);
  }

  private static List<Path> all(Path below) throws Exception {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** What can be read, of originals by any name and of what is complete in the archive. */
  private Map<String, Integer> contents() throws Exception {
    Map<String, Integer> contents = new HashMap<>();
    for (Path file : all(logs)) {
      if (!file.toString().endsWith("-part")) {
        contents.merge(Files.readString(file), 1, Integer::sum);
      }
    }
    for (Path file : all(archives)) {
      if (file.toString().endsWith(".gz")) {
        contents.merge(unpacked(file), 1, Integer::sum);
      }
    }
    return contents;
  }

  private static String unpacked(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void nothingIsLost(String when) throws Exception {
    Map<String, Integer> contents = contents();
    for (int i = 0; i < FILES; i++) {
      assertTrue(contents.containsKey(content(i)), when + ": file " + i + " is lost");
    }
  }

  private void nothingIsLeftOver() throws Exception {
    List<Path> all = new ArrayList<>(all(logs));
    all.addAll(all(archives));
    assertTrue(all.stream().noneMatch(one -> one.toString().contains("selfheal-")), all::toString);
  }

  @Test
  void whileItArchivesAndWhileItRestores() throws Exception {
    String with =
        "{ roots: [%s], globs: [\"**/*.log\"], to: %s, older_than: 1d, keep_free: 0B }"
            .formatted(logs, archives);
    Act act = Tasks.act(new ArchiveFiles(Tasks.BROAD), with);
    for (int i = 0; i < FILES; i++) {
      Path file = logs.resolve("d" + i % 3).resolve(i + ".log");
      Files.createDirectories(file.getParent());
      Files.writeString(file, content(i));
    }
    for (int round = 0; round < ROUNDS; round++) {
      killed(random.nextInt(400), "archive_files", with);
      nothingIsLost("round " + round + ", killed while it archived");
      Performed finished = act.finish(task());
      assertTrue(
          finished.outcome() == Outcome.DONE || finished.outcome() == Outcome.ALREADY_DONE,
          finished::toString);
      nothingIsLost("round " + round + ", finished");
      nothingIsLeftOver();
      assertEquals(List.of(), all(logs), "all of them are in the archive");

      String archive = archives.resolve("rule-" + Tasks.INCIDENT).toString();
      killed(random.nextInt(300), "archive_files", with, archive);
      nothingIsLost("round " + round + ", killed while it restored");
      Performed restored = act.undo(task(), archive);
      assertEquals(Outcome.DONE, restored.outcome(), restored::toString);
      nothingIsLeftOver();
      assertEquals(FILES, all(logs).size());
      for (int i = 0; i < FILES; i++) {
        assertEquals(content(i), Files.readString(logs.resolve("d" + i % 3).resolve(i + ".log")));
      }
    }
    assertTrue(killed > 0, "it was killed in the middle " + killed + " times");
  }

  @Test
  void whileItReplacesAFile() throws Exception {
    Path good = Files.createDirectories(directory.toRealPath().resolve("good"));
    byte[] right = new byte[8 << 20];
    random.nextBytes(right);
    Files.write(good.resolve("m.bin"), right);
    Path live = logs.resolve("m.bin");
    String with = "{ root: %s, from: %s, file: m.bin }".formatted(logs, good);
    Act act = Tasks.act(new RestoreFile(Tasks.BROAD), with);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] wrong = right.clone();
      wrong[round] ^= 1;
      Files.write(live, wrong);
      killed(random.nextInt(400), "restore_file", with);
      byte[] now = Files.readAllBytes(live);
      boolean whole = Arrays.equals(now, wrong) || Arrays.equals(now, right);
      assertTrue(whole, "round " + round + ": neither the old nor the new");
      Performed finished = act.finish(task());
      assertFalse(finished.undo() == null, finished::toString);
      assertTrue(Arrays.equals(Files.readAllBytes(live), right));
      assertEquals(2, all(logs).size(), all(logs)::toString);
      assertEquals(Outcome.DONE, act.undo(task(), finished.undo()).outcome());
      assertTrue(Arrays.equals(Files.readAllBytes(live), wrong));
      assertEquals(List.of(live), all(logs));
    }
    assertTrue(killed > 0, "it was killed in the middle " + killed + " times");
  }
}
