package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.file.FileId;
import io.selfheal.file.Found;
import io.selfheal.file.OpenFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClearingTest {
  private static final OpenFiles NONE = new OpenFiles(Map.of(), 0);
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

  private static Found file(long number) {
    Instant at = Instant.ofEpochSecond(number);
    return new Found(Path.of("/r"), Path.of("f" + number), new FileId(1, number), 100, at, at);
  }

  private static List<Found> files(long count) {
    return LongStream.range(0, count).mapToObj(ClearingTest::file).toList();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "100, 1", "101, 2", "1000, 10", "5000, 10"})
  void noMoreGoesThanItTakesAndTheOldestFirst(long need, int expected) {
    Clearing plan = Clearing.plan(files(10), need, NOW, NONE);
    assertEquals(files(expected), plan.go());
    assertEquals(need <= 1000, plan.enough());
  }

  @Test
  void whatIsOpenOrYoungIsKept() {
    OpenFiles held = new OpenFiles(Map.of(new FileId(1, 0), 77L), 0);
    Clearing plan = Clearing.plan(files(4), 1000, Instant.ofEpochSecond(2), held);
    assertEquals(List.of(file(1)), plan.go());
    assertEquals(1, plan.open());
    assertEquals(2, plan.young());
    assertFalse(plan.enough());
    assertTrue(plan.notes().getFirst().contains("/r/f0 is open by process 77"));
    assertEquals("; kept: 1 open by a process, 2 younger than min_age", plan.kept());
  }

  @ParameterizedTest
  @CsvSource({"100, 50, 80%, 0", "100, 10, 80%, 10", "100, 20, 80%, 0", "100, 0, 0%, 100"})
  void theRoomThatIsMissing(long total, long usable, String share, long expected) {
    double most = Double.parseDouble(share.replace("%", "")) / 100;
    assertEquals(expected, new Room(total, usable).over(most));
  }
}
