package io.selfheal.worker;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of deaths from the kernel: one platform thread sleeps on an epoll of all pidfds. A pidfd
 * becomes readable when the last thread of its process has ended, before the parent reaps it.
 *
 * <p>Events carry a token, never the descriptor: a descriptor that was closed and given out again
 * between the event and its handling would mean another process.
 */
final class DeathWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeathWatch.class);

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int ADD = 1;
  private static final int READABLE = 1;
  private static final int ONCE = 1 << 30;
  private static final int ROOM = 64;
  private static final long WAKE = -1;

  // struct epoll_event is packed on x86-64 only.
  private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));
  private static final long EVENT_BYTES = PACKED ? 12 : 16;
  private static final long TOKEN_AT = PACKED ? 4 : 8;

  private final int epoll;
  private final int wake;
  private final LongConsumer deaths;

  private DeathWatch(int epoll, int wake, LongConsumer deaths) {
    this.epoll = epoll;
    this.wake = wake;
    this.deaths = deaths;
  }

  /**
   * Starts the thread.
   *
   * @param deaths is given the token of each process that ended, on that thread; must not block
   */
  static DeathWatch start(LongConsumer deaths) {
    int epoll = NativeLinux.epollCreate(CLOSE_ON_EXEC);
    int wake = NativeLinux.eventfd(CLOSE_ON_EXEC);
    DeathWatch watch = new DeathWatch(epoll, wake, deaths);
    int errno = epoll < 0 ? -epoll : wake < 0 ? -wake : -watch.add(wake, WAKE);
    if (errno != 0) {
      throw new IllegalStateException(
          "the watch for ended processes cannot start: errno " + errno + " from epoll or eventfd");
    }
    Thread.ofPlatform().daemon().name("selfheal-deaths").start(watch::run);
    return watch;
  }

  /** Tells once when the process ends; at once when it has ended. 0, or a negative errno. */
  int watch(Pidfd pidfd, long token) {
    return add(pidfd.descriptor(), token);
  }

  /** The thread ends by itself and closes what it used. Watch nothing after this. */
  @Override
  public void close() {
    NativeLinux.eventfdWrite(wake, 1);
  }

  private int add(int fd, long token) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_BYTES, 8);
      event.set(JAVA_INT, 0, READABLE | ONCE);
      event.set(JAVA_LONG_UNALIGNED, TOKEN_AT, token);
      return NativeLinux.epollControl(epoll, ADD, fd, event);
    }
  }

  private void run() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment events = arena.allocate(EVENT_BYTES * ROOM, 8);
      boolean open = true;
      while (open) {
        int ready = NativeLinux.epollWait(epoll, events, ROOM);
        if (ready < 0 && ready != -NativeLinux.EINTR) {
          LOG.error(
              "Deaths are no longer noticed at once, but each second: epoll_wait failed with errno"
                  + " {}; restart the agent",
              -ready);
          open = false;
        }
        open &= handOver(events, ready);
      }
    } finally {
      NativeLinux.close(wake);
      NativeLinux.close(epoll);
    }
  }

  private boolean handOver(MemorySegment events, int ready) {
    boolean open = true;
    for (int i = 0; i < ready; i++) {
      long token = events.get(JAVA_LONG_UNALIGNED, i * EVENT_BYTES + TOKEN_AT);
      if (token == WAKE) {
        open = false;
        continue;
      }
      try {
        deaths.accept(token);
      } catch (RuntimeException bug) {
        LOG.error("The notice of an ended process could not be handed over", bug);
      }
    }
    return open;
  }
}
