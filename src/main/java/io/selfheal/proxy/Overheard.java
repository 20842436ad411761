package io.selfheal.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stream as it is; each part, and a failure, is heard by one more on its way. */
final class Overheard implements ReadStream<Buffer> {
  private final ReadStream<Buffer> stream;
  private final Consumer<Buffer> ear;
  private final Runnable broken;
  private final Consumer<Boolean> held;

  /**
   * @param broken is called before the failure is passed on
   * @param held is told when who reads pauses, and goes on
   */
  Overheard(
      ReadStream<Buffer> stream, Consumer<Buffer> ear, Runnable broken, Consumer<Boolean> held) {
    this.stream = stream;
    this.ear = ear;
    this.broken = broken;
    this.held = held;
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
    stream.handler(
        handler == null
            ? null
            : part -> {
              ear.accept(part);
              handler.handle(part);
            });
    return this;
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    stream.exceptionHandler(
        handler == null
            ? null
            : failure -> {
              broken.run();
              handler.handle(failure);
            });
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    held.accept(true);
    stream.pause();
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    held.accept(false);
    stream.resume();
    return this;
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    held.accept(false);
    stream.fetch(amount);
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
    stream.endHandler(handler);
    return this;
  }
}
