package io.selfheal.worker;

import io.selfheal.kernel.Epoll;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of deaths from the kernel: one platform thread sleeps on an epoll of all pidfds. A pidfd
 * becomes readable when the last thread of its process has ended, before the parent reaps it.
 */
final class DeathWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeathWatch.class);

  private final Epoll epoll;
  private final LongConsumer deaths;
  private volatile boolean closed;

  private DeathWatch(Epoll epoll, LongConsumer deaths) {
    this.epoll = epoll;
    this.deaths = deaths;
  }

  /**
   * Starts the thread.
   *
   * @param deaths is given the token of each process that ended, on that thread; must not block
   */
  static DeathWatch start(LongConsumer deaths) {
    DeathWatch watch = new DeathWatch(epoll(), deaths);
    Thread.ofPlatform().daemon().name("selfheal-deaths").start(watch::run);
    return watch;
  }

  private static Epoll epoll() {
    try {
      return Epoll.open();
    } catch (IllegalStateException refused) {
      throw new IllegalStateException(
          "the watch for ended processes cannot start: " + refused.getMessage(), refused);
    }
  }

  /** Tells once when the process ends; at once when it has ended. 0, or a negative errno. */
  int watch(Pidfd pidfd, long token) {
    return epoll.add(pidfd.descriptor(), Epoll.READABLE | Epoll.ONCE, token);
  }

  /** The thread ends by itself and closes what it used. Watch nothing after this. */
  @Override
  public void close() {
    closed = true;
    epoll.wake();
  }

  private void run() {
    try (epoll) {
      while (!closed) {
        int failed = epoll.await(this::handOver);
        if (failed != 0) {
          LOG.error(
              "Deaths are no longer noticed at once, but each second: epoll_wait failed with errno"
                  + " {}; restart the agent",
              -failed);
          return;
        }
      }
    }
  }

  private void handOver(long token, int events) {
    try {
      deaths.accept(token);
    } catch (RuntimeException bug) {
      LOG.error("The notice of an ended process could not be handed over", bug);
    }
  }
}
