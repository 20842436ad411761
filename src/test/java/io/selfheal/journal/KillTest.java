package io.selfheal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Recorded;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal is killed in the middle of writing, again and again. */
class KillTest {
  private static final int ROUNDS = 4;
  private static final int LINES = 3_000;

  @TempDir Path directory;

  private record Seen(long epoch, long newest, List<String> saved) {}

  @Test
  void noPlaceIsGivenTwiceAndWhatWasSavedIsThere() throws Exception {
    Path file = directory.resolve("spool");
    long epoch = 0;
    long newest = 0;
    List<String> saved = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Seen seen = scribbleAndDie(file, LINES + round * 777, newest);
      saved.addAll(seen.saved);
      epoch = seen.epoch;
      newest = seen.newest;
      try (House house = new House(file, new AwayArchive(), new HandTime())) {
        Recorded next = house.publish(1, "after").getFirst();
        assertEquals(epoch, next.epoch(), "the log was not lost");
        assertTrue(next.offset() > newest, next.offset() + " was given before");
        newest = house.status().newest();
        for (String id : saved) {
          assertNotNull(house.find(id).incident(), id);
        }
      }
    }
    assertTrue(saved.size() >= ROUNDS, "it saved incidents");
  }

  private Seen scribbleAndDie(Path file, int lines, long before) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                Scribbler.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long epoch = 0;
    long newest = before;
    List<String> saved = new ArrayList<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      int count = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("saved") && words.length == 2 && words[1].length() == 36) {
          saved.add(words[1]);
        }
        if (words[0].equals("event") && words.length == 3) {
          long offset = Long.parseLong(words[2]);
          assertTrue(count > lines || offset > newest, offset + " was given before");
          epoch = Long.parseLong(words[1]);
          newest = Math.max(newest, offset);
        }
        count++;
        // On a slow disk the first save comes late.
        if (count >= lines && !saved.isEmpty()) {
          process.destroyForcibly();
        }
      }
    } catch (IOException closedByTheKill) {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return new Seen(epoch, newest, saved);
  }
}
