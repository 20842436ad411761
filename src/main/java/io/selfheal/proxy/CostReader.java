package io.selfheal.proxy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.selfheal.json.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Overhears an answer for its price, beside its way to the worker. Of JSON it keeps up to a MiB; of
 * server-sent events the end, where providers say what was used. Of anything larger it knows
 * nothing.
 */
final class CostReader {
  private static final Logger LOG = LoggerFactory.getLogger(CostReader.class);
  private static final int MOST = 1 << 20;
  private static final int TAIL = 64 << 10;
  private static final String DATA = "data:";

  private final Price price;
  private final boolean events;
  private @Nullable Buffer kept = Buffer.buffer();

  private CostReader(Price price, boolean events) {
    this.price = price;
    this.events = events;
  }

  /** One for an answer of this type; null when it tells no price. */
  static @Nullable CostReader of(Price price, @Nullable String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    boolean events = type.startsWith("text/event-stream");
    boolean json = type.startsWith("application/json") || type.contains("+json");
    return events || json ? new CostReader(price, events) : null;
  }

  void hear(Buffer part) {
    if (kept == null) {
      return;
    }
    kept.appendBuffer(part);
    if (events && kept.length() > 2 * TAIL) {
      kept = kept.getBuffer(kept.length() - TAIL, kept.length());
    } else if (!events && kept.length() > MOST) {
      kept = null;
    }
  }

  /** What the call cost, in millionths; empty when the answer does not say. */
  OptionalLong cost() {
    if (kept == null) {
      return OptionalLong.empty();
    }
    String text = kept.toString(StandardCharsets.UTF_8);
    if (!events) {
      return cost(text);
    }
    for (String line : text.lines().toList().reversed()) {
      OptionalLong cost =
          line.startsWith(DATA) ? cost(line.substring(DATA.length())) : OptionalLong.empty();
      if (cost.isPresent()) {
        return cost;
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong cost(String json) {
    try {
      return price.of(Json.mapper().readTree(json));
    } catch (JsonProcessingException malformed) {
      // Not with the cause: it would show a part of the answer.
      LOG.debug("An answer that was to tell its price is not JSON");
      return OptionalLong.empty();
    }
  }
}
