package io.selfheal.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Hands records over by reference within this process. Vert.x would look for a codec by the exact
 * class, and would copy a {@code Serializable} record by serialisation.
 */
final class LocalCodec implements MessageCodec<Object, Object> {
  static final String NAME = "selfheal.local";

  @Override
  public void encodeToWire(Buffer buffer, Object message) {
    throw new IllegalStateException("messages never leave the process: " + message.getClass());
  }

  @Override
  public Object decodeFromWire(int position, Buffer buffer) {
    throw new IllegalStateException("messages never come from outside the process");
  }

  @Override
  public Object transform(Object message) {
    return message;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
