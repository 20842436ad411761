package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Families, holders' processes and movement. */
class TracingPartsTest {
  private static ProcStat stat(long pid, long parent, long start, long cpuTicks) {
    return new ProcStat(pid, "p" + pid, 'S', parent, pid, cpuTicks, 1, start, 0, 0);
  }

  private static ProcessIdentity process(long pid, long start) {
    return new ProcessIdentity("boot", pid, start);
  }

  @Test
  void aLineGoesUpToTheFirstProcessButNotToAPidThatIsAnothersNow() {
    Families families =
        Families.of(
            "boot",
            List.of(
                stat(1, 0, 1, 0),
                stat(10, 1, 5, 0),
                stat(11, 10, 6, 0),
                stat(20, 21, 7, 0),
                stat(21, 1, 9, 0)));
    assertEquals(Set.of(process(11, 6), process(10, 5), process(1, 1)), families.line(11));
    assertEquals(Set.of(process(20, 7)), families.line(20));
    assertEquals(Set.of(), families.line(99));
    assertEquals(List.of(10L, 11L), families.under(Set.of(process(10, 5))));
    assertEquals(List.of(), families.under(Set.of(process(10, 4))));
    assertEquals(Set.of(1L, 20L, 21L), families.besides(List.of(10L, 11L)));
  }

  private static final Filled SLOT = new Filled("images", "images.1", process(10, 5), 10, null);
  private static final Filled WALLED = new Filled("boxed", "boxed@30", process(30, 5), 7, null);

  private static Optional<ProcessIdentity> heldBy(
      @Nullable String worker,
      @Nullable String host,
      @Nullable Long pid,
      @Nullable Long ticks,
      @Nullable String instance) {
    Holder holder =
        new Holder(
            "k",
            worker,
            host,
            pid == null ? OptionalLong.empty() : OptionalLong.of(pid),
            ticks == null ? OptionalLong.empty() : OptionalLong.of(ticks),
            instance,
            null);
    return HeldBy.process(
        holder, "here", List.of(SLOT, WALLED), id -> Optional.of(process(id, 100)));
  }

  @Test
  void theProcessThatARowNames() {
    Optional<ProcessIdentity> slot = Optional.of(process(10, 5));
    assertEquals(slot, heldBy("images", "HERE", 10L, null, null));
    assertEquals(slot, heldBy(null, null, 10L, 5L, null));
    assertEquals(slot, heldBy("images", null, null, null, "images.1"));
    assertEquals(Optional.of(process(11, 100)), heldBy("images", null, 11L, null, null));
    assertEquals(Optional.of(process(30, 5)), heldBy("boxed", null, 7L, null, null));
  }

  @Test
  void noProcessWhenTheRowMeansAnother() {
    assertEquals(Optional.empty(), heldBy("images", "there", 10L, null, null));
    assertEquals(Optional.empty(), heldBy("images", null, 10L, 6L, null));
    assertEquals(Optional.empty(), heldBy("images", null, null, null, null));
    assertEquals(Optional.empty(), heldBy("images", null, null, null, "images.9"));
    assertEquals(Optional.empty(), heldBy("boxed", null, 30L, null, null));
    assertEquals(Optional.empty(), heldBy("images", null, 0L, null, null));
  }

  private static RawReading reading(int second, long cpuTicks, @Nullable Long written) {
    return new RawReading(
        stat(10, 1, 5, cpuTicks),
        Optional.ofNullable(written).map(bytes -> new ProcIo(0, bytes)),
        1,
        Duration.ofSeconds(second).toNanos());
  }

  private static @Nullable String said(RawReading... readings) {
    Movement movement = null;
    for (RawReading reading : readings) {
      movement = Movement.next(movement, reading);
    }
    return movement == null ? null : movement.sentence(100);
  }

  @Test
  void movement() {
    assertNull(said());
    assertNull(said(reading(1, 500, 0L)));
    assertEquals(
        "pid 10 used 0.80 s of CPU and 3.5 MB of storage in the last 1.0 s",
        said(reading(1, 500, 0L), reading(2, 580, 3_500_000L)));
    assertEquals(
        "pid 10 used 0.00 s of CPU and 0.1 MB of storage in the last 1.0 s",
        said(reading(1, 500, 0L), reading(2, 500, 100_000L)));
    assertEquals(
        "pid 10 used no CPU and no storage for 12 s",
        said(reading(1, 500, 0L), reading(2, 580, 7L), reading(8, 580, 7L), reading(14, 580, 7L)));
    assertEquals(
        "pid 10 used no CPU for 1.0 s", said(reading(1, 500, null), reading(2, 500, null)));
  }
}
