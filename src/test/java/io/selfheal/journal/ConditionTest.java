package io.selfheal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.selfheal.message.Event;
import io.selfheal.message.JournalEvent;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static List<String> types(Condition.Spoken spoken) {
    return spoken.events().stream().map(Event::type).toList();
  }

  @Test
  void aProblemIsSaidOnceAndItsEndWhenAllIsReplayed() {
    Condition.Spoken away = Condition.WELL.withDatabase("refused").speak(7, false, NOW);
    assertEquals(List.of("journal.degraded", "component.changed"), types(away));
    Condition.Spoken again = away.condition().withDatabase("refused").speak(9, false, NOW);
    assertEquals(List.of(), types(again));
    Condition back = again.condition().withDatabase(null).replayed(500);
    assertEquals(List.of(), types(back.speak(400, false, NOW)));
    Condition.Spoken well = back.replayed(400).speak(0, true, NOW);
    assertEquals(new JournalEvent.Recovered(900, 0), well.events().getFirst());
    assertNull(well.condition().problem());
    assertEquals(List.of(), types(well.condition().speak(0, true, NOW)));
  }

  @Test
  void lossesAreSaidAtOnceAndThenEveryMinute() {
    Condition.Spoken first = Condition.WELL.dropped(3, 1).speak(0, true, NOW);
    assertEquals(3, ((JournalEvent.Degraded) first.events().getFirst()).droppedSamples());
    Condition.Spoken soon = first.condition().dropped(2, 0).speak(0, false, NOW.plusSeconds(59));
    assertEquals(List.of(), types(soon));
    Condition.Spoken later = soon.condition().speak(0, false, NOW.plusSeconds(60));
    assertEquals(5, ((JournalEvent.Degraded) later.events().getFirst()).droppedSamples());
    Condition.Spoken well = later.condition().speak(0, true, NOW.plusSeconds(61));
    assertEquals(new JournalEvent.Recovered(0, 5), well.events().getFirst());
  }

  @Test
  void withoutAProblemNothingIsSaid() {
    assertEquals(List.of(), types(Condition.WELL.replayed(10).speak(0, true, NOW)));
  }
}
