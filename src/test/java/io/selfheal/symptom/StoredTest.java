package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.json.Json;
import io.selfheal.message.Event;
import io.selfheal.message.Recorded;
import io.selfheal.message.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTest {
  static Stream<Class<? extends Event>> records() {
    return of(Event.class);
  }

  private static Stream<Class<? extends Event>> of(Class<? extends Event> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Arrays.stream(type.getPermittedSubclasses())
            .flatMap(each -> of(each.asSubclass(Event.class)));
  }

  static Recorded recorded(long offset, Instant time, Event event) {
    Map<String, Object> whole = Map.of("epoch", 1, "type", event.type(), "data", event);
    return recorded(offset, time, event.type(), Json.text(whole));
  }

  private static Recorded recorded(long offset, Instant time, String type, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new Recorded(1, offset, "id", time, type, Severity.INFO, "s", null, false, bytes);
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyEventIsReadBackAsItWas(Class<? extends Event> type) throws Exception {
    Event event = AnyRecord.of(type);
    assertEquals(Optional.of(event), Stored.read(recorded(1, Instant.EPOCH, event)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"data\":{\"file\":\"f\",\"rules\":\"three\"}}",
        "{\"data\":{\"file\":\"f\",\"rules\":3,\"new\":1}}",
        "{\"data\":null}",
        "{\"epoch\":1}",
        "{\"data\":{",
        "[]",
        "7",
        ""
      })
  void whatIsNotOfThisVersionIsNothing(String json) {
    assertTrue(Stored.read(recorded(1, Instant.EPOCH, "config.reloaded", json)).isEmpty());
    assertTrue(Stored.read(recorded(1, Instant.EPOCH, "no.such_type", json)).isEmpty());
  }
}
