package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.file.FileId;
import io.selfheal.file.Mark;
import io.selfheal.symptom.FileState.Patience;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FileStateTest {
  private static final Patience PATIENCE = new Patience(Duration.ofSeconds(5), Duration.ofHours(1));
  private static final Mark MARK =
      new Mark(new FileId(1, 2), 3, true, Instant.EPOCH, Instant.EPOCH);

  private static long after(Duration duration) {
    return duration.toNanos();
  }

  @Test
  void whatWasReadIsReadAgainOnTheSlowScheduleAlthoughNothingChanged() {
    FileState read =
        FileState.first(MARK, 0).read("sum", 0).seen(MARK, after(Duration.ofMinutes(30)));
    assertFalse(read.due(after(Duration.ofMinutes(59)), PATIENCE));
    assertTrue(read.due(after(Duration.ofHours(1)), PATIENCE));
  }

  @Test
  void whatCouldNotBeReadIsTriedAgainAMinuteLater() {
    FileState hidden = FileState.first(MARK, 0).unreadable("no", 0);
    assertFalse(hidden.due(after(Duration.ofSeconds(59)), PATIENCE));
    assertTrue(hidden.due(after(Duration.ofSeconds(60)), PATIENCE));
    assertEquals(hidden, hidden.seen(MARK, after(Duration.ofSeconds(1))));
  }

  @Test
  void onlyWhatWasThereAtFirstIsBelievedItsDate() {
    Duration old = Duration.ofDays(9);
    assertTrue(FileState.first(MARK, 0).settled(old, 0, PATIENCE));
    FileState changed = FileState.first(null, 0).seen(MARK, 0);
    assertFalse(changed.settled(old, after(Duration.ofSeconds(4)), PATIENCE));
    assertTrue(changed.settled(old, after(Duration.ofSeconds(5)), PATIENCE));
  }
}
