package io.selfheal.symptom;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.selfheal.json.Json;
import io.selfheal.message.Event;
import io.selfheal.message.EventType;
import io.selfheal.message.Recorded;
import java.io.IOException;
import java.util.Optional;

/** Reads an event back from the journal's encoding. Pure. */
final class Stored {
  private static final String DATA = "data";

  /** What stands behind the data is the end of what surrounds it. */
  private static final ObjectReader READER =
      Json.mapper().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Stored() {}

  /** The event; empty when it is of a kind, or has a form, that this version does not know. */
  static Optional<Event> read(Recorded stored) {
    return EventType.named(stored.type()).flatMap(type -> read(stored.json(), type));
  }

  private static Optional<Event> read(byte[] json, Class<? extends Event> type) {
    try (JsonParser in = Json.mapper().createParser(json)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
        in.nextToken();
        if (name.equals(DATA)) {
          return Optional.ofNullable(READER.forType(type).readValue(in));
        }
        in.skipChildren();
      }
      return Optional.empty();
    } catch (IOException otherVersion) {
      return Optional.empty();
    }
  }
}
