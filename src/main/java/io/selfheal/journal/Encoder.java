package io.selfheal.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import io.selfheal.bus.Ids;
import io.selfheal.bus.Time;
import io.selfheal.json.Json;
import io.selfheal.message.Event;
import io.selfheal.message.Recorded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Gives an event its id and its one encoding. */
final class Encoder {
  private final Time time;
  private final Ids ids;

  Encoder(Time time) {
    this.time = time;
    ids = new Ids(time);
  }

  /** The event at a place. PostgreSQL keeps microseconds, so that is what an event has. */
  Recorded encode(long epoch, long offset, Event event) {
    Instant now = time.now().truncatedTo(ChronoUnit.MICROS);
    Recorded bare =
        new Recorded(
            epoch,
            offset,
            ids.next(),
            now,
            event.type(),
            event.severity(),
            event.subject(),
            event.incident().orElse(null),
            event.sample(),
            new byte[0]);
    return new Recorded(
        epoch,
        offset,
        bare.id(),
        now,
        bare.type(),
        bare.severity(),
        bare.subject(),
        bare.incidentId(),
        bare.sample(),
        json(bare, event));
  }

  private static byte[] json(Recorded place, Event event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = Json.mapper().createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("epoch", place.epoch());
      out.writeNumberField("offset", place.offset());
      out.writeStringField("id", place.id());
      out.writeStringField("time", place.time().toString());
      out.writeStringField("type", place.type());
      out.writeStringField("severity", place.severity().name().toLowerCase(Locale.ROOT));
      out.writeStringField("subject", place.subject());
      if (place.incidentId() != null) {
        out.writeStringField("incident_id", place.incidentId());
      }
      out.writeFieldName("data");
      Json.mapper().writeValue(out, event);
      out.writeEndObject();
    } catch (IOException bug) {
      throw new UncheckedIOException("cannot encode " + event.type(), bug);
    }
    return bytes.toByteArray();
  }
}
