package io.selfheal.journal;

import io.selfheal.bus.Time;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The spool on its own thread, one piece of work after the other in the order in which they were
 * given. MVStore closes itself when a write fails, for example on a full disk; then the file is
 * opened again, with what was committed, by the first piece of work after a pause.
 */
final class Disk {
  /** Opening reads the whole file once, so it is not tried all the time. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  private final WorkerExecutor thread;
  private final Path file;
  private final long limit;
  private final Time time;

  // Below: touched on that thread only.
  private @Nullable Spool spool;
  private @Nullable SpoolUnavailable failure;
  private long failedAt;
  private boolean closed;

  /**
   * @param thread of exactly one thread
   * @param limit the room for events, in bytes
   */
  Disk(WorkerExecutor thread, Path file, long limit, Time time) {
    this.thread = thread;
    this.file = file;
    this.limit = limit;
    this.time = time;
  }

  /** Opens the file for the first time; an unreadable one is moved aside. */
  Future<SpoolFile.Opened<Spool>> open() {
    return thread.executeBlocking(
        () -> {
          try {
            SpoolFile.Opened<Spool> opened =
                SpoolFile.openOrReplace(file, time.now(), store -> new Spool(store, limit));
            spool = opened.content();
            return opened;
          } catch (SpoolUnavailable problem) {
            throw failed(problem);
          }
        },
        true);
  }

  /** Does a piece of work; fails with {@link SpoolUnavailable}. */
  <T> Future<T> run(Function<Spool, T> work) {
    return thread.executeBlocking(() -> attempt(work), true);
  }

  private <T> T attempt(Function<Spool, T> work) {
    try {
      return work.apply(opened());
    } catch (SpoolUnavailable still) {
      throw still;
    } catch (RuntimeException problem) {
      if (spool != null) {
        spool.abandon();
        spool = null;
      }
      throw failed(new SpoolUnavailable(file, problem));
    }
  }

  private Spool opened() {
    if (closed) {
      throw new SpoolUnavailable(file, new IllegalStateException("the journal has stopped"));
    }
    if (spool != null) {
      return spool;
    }
    if (failure != null && time.since(failedAt).compareTo(PAUSE) < 0) {
      throw failure;
    }
    Spool again = SpoolFile.open(file, store -> new Spool(store, limit));
    spool = again;
    return again;
  }

  private SpoolUnavailable failed(SpoolUnavailable problem) {
    failure = problem;
    failedAt = time.mark();
    return problem;
  }

  /** Ends, after all work that was given. */
  Future<Void> close() {
    return thread.executeBlocking(
        () -> {
          closed = true;
          if (spool != null) {
            spool.close();
            spool = null;
          }
          return null;
        },
        true);
  }
}
