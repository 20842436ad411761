package io.selfheal.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.selfheal.json.Json;
import io.selfheal.message.Recorded;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The texts of frames. */
final class Frames {
  private static final byte[] OPEN = "{\"batch\":[".getBytes(StandardCharsets.UTF_8);
  private static final byte[] CLOSE = "]}".getBytes(StandardCharsets.UTF_8);

  private Frames() {}

  /** The first frame; {@code recovered} null: nothing was asked for. */
  static String hello(String agent, Place place, @Nullable Boolean recovered) {
    return Json.text(new HelloFrame(new Hello(agent, place.epoch(), place.offset(), recovered)));
  }

  static String position(Place place) {
    return Json.text(new PositionFrame(place));
  }

  static String gap(Gap gap) {
    String reason = gap.reason().name().toLowerCase(Locale.ROOT);
    return Json.text(new GapFrame(new GapBody(gap.from(), gap.to(), reason)));
  }

  static String single(Recorded event) {
    return new String(event.json(), StandardCharsets.UTF_8);
  }

  /** Joins events that are encoded already. */
  static String batch(List<Recorded> events) {
    int length = OPEN.length + CLOSE.length + events.size() - 1;
    for (Recorded event : events) {
      length += event.json().length;
    }
    byte[] text = new byte[length];
    int at = put(OPEN, text, 0);
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        text[at++] = ',';
      }
      at = put(events.get(i).json(), text, at);
    }
    put(CLOSE, text, at);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static int put(byte[] part, byte[] text, int at) {
    System.arraycopy(part, 0, text, at, part.length);
    return at + part.length;
  }

  private record HelloFrame(Hello hello) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Hello(String agent, long epoch, long offset, @Nullable Boolean recovered) {}

  private record PositionFrame(Place position) {}

  private record GapFrame(GapBody gap) {}

  private record GapBody(long from, long to, String reason) {}
}
