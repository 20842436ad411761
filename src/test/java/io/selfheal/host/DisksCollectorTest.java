package io.selfheal.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.HostSample.Disk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisksCollectorTest {
  private static final Disk ROOT = new Disk("/", "/dev/vda", "ext4", 100, 40, 10, 5);

  private final HandTime clock = new HandTime();
  private final Deque<Runnable> elsewhere = new ArrayDeque<>();
  private List<Disk> found = List.of(ROOT);
  private boolean broken;
  private final DisksCollector collector =
      new DisksCollector(
          () -> {
            if (broken) {
              throw new IllegalStateException("no statvfs");
            }
            return found;
          },
          elsewhere::add,
          clock.time());

  @Test
  void thereIsNoDataUntilTheFileSystemsHaveAnswered() {
    assertInstanceOf(Reading.None.class, collector.collect());
    elsewhere.remove().run();
    assertEquals(new Reading.Data<>(List.of(ROOT)), collector.collect());
  }

  @Test
  void theyAreAskedEveryTwoSecondsAndTheLastAnswerStands() {
    collector.collect();
    elsewhere.remove().run();
    clock.pass(Duration.ofSeconds(1));
    collector.collect();
    assertTrue(elsewhere.isEmpty());
    clock.pass(Duration.ofSeconds(1));
    found = List.of();
    assertEquals(new Reading.Data<>(List.of(ROOT)), collector.collect());
    elsewhere.remove().run();
    assertEquals(new Reading.Data<>(List.of()), collector.collect());
  }

  @Test
  void aHangingOneIsAFailureAndIsNotAskedTwice() {
    collector.collect();
    clock.pass(Duration.ofSeconds(31));
    assertThrows(IllegalStateException.class, collector::collect);
    assertEquals(1, elsewhere.size());
    elsewhere.remove().run();
    assertEquals(new Reading.Data<>(List.of(ROOT)), collector.collect());
  }

  @Test
  void aFailureToLookIsAFailureUntilTheNextLook() {
    broken = true;
    collector.collect();
    elsewhere.remove().run();
    assertThrows(IllegalStateException.class, collector::collect);
    broken = false;
    clock.pass(Duration.ofSeconds(10));
    assertThrows(IllegalStateException.class, collector::collect);
    elsewhere.remove().run();
    assertEquals(new Reading.Data<>(List.of(ROOT)), collector.collect());
  }
}
