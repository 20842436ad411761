package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CapTest {
  @Test
  void theMinuteSlides() {
    Cap cap = new Cap(10);
    assertEquals(10, cap.room(0));
    cap.spend(6, 0);
    cap.spend(3, millis(30_000));
    assertEquals(1, cap.room(millis(59_999)));
    assertEquals(7, cap.room(millis(60_000)));
    assertEquals(10, cap.room(millis(90_000)));
  }

  @Test
  void whatWasSpentWithinASecondIsFreeTogether() {
    Cap cap = new Cap(10);
    cap.spend(1, 0);
    cap.spend(1, millis(999));
    assertEquals(8, cap.room(millis(60_500)), "never too early");
    assertEquals(10, cap.room(millis(60_999)));
  }

  /** Whoever spends no more than the room never makes too many in any minute. */
  @Property
  boolean noMinuteEverHasTooMany(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 9) Integer> wishes,
      @ForAll @LongRange(min = -1_000_000, max = 1_000_000) long start,
      @ForAll @IntRange(min = 1, max = 9000) int pace) {
    Cap cap = new Cap(12);
    List<long[]> done = new ArrayList<>();
    for (int i = 0; i < wishes.size(); i++) {
      long now = millis(start + (long) i * pace);
      int count = Math.min(wishes.get(i), cap.room(now));
      cap.spend(count, now);
      done.add(new long[] {now, count});
    }
    return done.stream()
        .allMatch(
            from ->
                done.stream()
                        .filter(one -> one[0] >= from[0] && one[0] - from[0] < millis(60_000))
                        .mapToLong(one -> one[1])
                        .sum()
                    <= 12);
  }

  private static long millis(long count) {
    return Duration.ofMillis(count).toNanos();
  }
}
