package io.selfheal.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.selfheal.message.Recorded;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final Outbox outbox = new Outbox();

  @Test
  void keepsTheNewestSampleOfEachSubjectAndTellsTheRest() {
    outbox.add(Samples.sample(1, "worker/a"));
    outbox.add(Samples.sample(2, "worker/b"));
    outbox.add(Samples.event(3));
    outbox.add(Samples.sample(4, "worker/a"));
    outbox.add(Samples.sample(5, "worker/a"));
    assertEquals(new Gap(1, 4, Gap.Reason.SAMPLES_COALESCED), outbox.next());
    assertEquals(List.of(2L, 3L, 5L), offsets(outbox.next()));
    assertNull(outbox.next());
    assertEquals(0, outbox.bytes());
  }

  @Test
  void keepsEventsAndGapsInOrder() {
    outbox.add(Samples.event(1));
    outbox.add(new Gap(2, 3, Gap.Reason.MISSED));
    outbox.add(Samples.event(4));
    assertEquals(List.of(1L), offsets(outbox.next()));
    assertEquals(new Gap(2, 3, Gap.Reason.MISSED), outbox.next());
    assertEquals(List.of(4L), offsets(outbox.next()));
  }

  @Test
  void cutsWhatDoesNotFitOneFrame() {
    outbox.add(Samples.padded(1, Chunk.BYTES - 500));
    outbox.add(Samples.padded(2, 1_000));
    outbox.add(Samples.padded(3, 2 * Chunk.BYTES));
    assertEquals(List.of(1L), offsets(outbox.next()));
    assertEquals(List.of(2L), offsets(outbox.next()));
    assertEquals(List.of(3L), offsets(outbox.next()));
  }

  private static List<Long> offsets(@Nullable Piece piece) {
    return assertInstanceOf(Chunk.class, piece).events().stream().map(Recorded::offset).toList();
  }
}
