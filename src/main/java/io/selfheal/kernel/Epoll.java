package io.selfheal.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Descriptors on whose news one thread sleeps, see epoll(7). Others may add, remove and wake while
 * it does; after {@link #close} they do nothing.
 *
 * <p>News carries a token, never the descriptor: one that was closed and given out again between
 * the news and its handling would mean another thing.
 */
public final class Epoll implements AutoCloseable {
  /** There is something to read. */
  public static final int READABLE = 1;

  /** There is news of a special kind; of a pressure file that its trigger was pulled. */
  public static final int PRIORITY = 2;

  /** What it stood for is no more; told unasked. */
  public static final int ERROR = 8;

  /** Tells once, and then no more. */
  public static final int ONCE = 1 << 30;

  private static final int ON_CHANGE = 1 << 31;
  private static final int ADD = 1;
  private static final int REMOVE = 2;
  private static final int ROOM = 64;
  private static final long WAKE = -1;

  // struct epoll_event is packed on x86-64 only.
  private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));
  private static final long EVENT_BYTES = PACKED ? 12 : 16;
  private static final long TOKEN_AT = PACKED ? 4 : 8;

  private final int epoll;
  private final int wake;
  private final MemorySegment events = Arena.ofAuto().allocate(EVENT_BYTES * ROOM, 8);
  private boolean open = true;

  /** Is given the news. */
  @FunctionalInterface
  public interface Reader {
    /**
     * News of one descriptor.
     *
     * @param events of those above
     */
    void news(long token, int events);
  }

  private Epoll(int epoll, int wake) {
    this.epoll = epoll;
    this.wake = wake;
  }

  /**
   * Without descriptors yet.
   *
   * @throws IllegalStateException when the kernel gives none, as beyond the limit of open files
   */
  public static Epoll open() {
    int epoll = NativeLinux.epollCreate(NativeLinux.CLOSE_ON_EXEC);
    int wake = NativeLinux.eventfd(NativeLinux.CLOSE_ON_EXEC);
    Epoll made = new Epoll(epoll, wake);
    int errno = epoll < 0 ? -epoll : wake < 0 ? -wake : -made.add(wake, READABLE | ON_CHANGE, WAKE);
    if (errno == 0) {
      return made;
    }
    made.close();
    throw new IllegalStateException("epoll or eventfd failed with errno " + errno);
  }

  /**
   * Tells of a descriptor from now on, and at once of what has happened to it before.
   *
   * @param events which of those above
   * @param token not negative
   * @return 0, or a negative errno
   */
  public synchronized int add(int fd, int events, long token) {
    return control(ADD, fd, events, token);
  }

  /** Tells of it no more; do so before it is closed. */
  public synchronized void remove(int fd) {
    control(REMOVE, fd, 0, 0);
  }

  private int control(int operation, int fd, int events, long token) {
    if (!open) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment event = arena.allocate(EVENT_BYTES, 8);
      event.set(JAVA_INT, 0, events);
      event.set(JAVA_LONG_UNALIGNED, TOKEN_AT, token);
      return NativeLinux.epollControl(epoll, operation, fd, event);
    }
  }

  /** Ends the sleep of {@link #await}, or the next one when there is none. */
  public synchronized void wake() {
    if (open) {
      NativeLinux.eventfdWrite(wake, 1);
    }
  }

  /**
   * Sleeps until there is news or somebody wakes it, for ever if need be, and hands the news over.
   * Only for a platform thread, since it would pin a virtual one; and for one thread at a time.
   *
   * @return 0, or a negative errno with which there is no use in another try
   */
  public int await(Reader reader) {
    int ready = NativeLinux.epollWait(epoll, events, ROOM);
    if (ready < 0) {
      return ready == -NativeLinux.EINTR ? 0 : ready;
    }
    for (int i = 0; i < ready; i++) {
      long token = events.get(JAVA_LONG_UNALIGNED, i * EVENT_BYTES + TOKEN_AT);
      if (token != WAKE) {
        reader.news(token, events.get(JAVA_INT, i * EVENT_BYTES));
      }
    }
    return 0;
  }

  /** For the thread that sleeps, when it is awake. */
  @Override
  public synchronized void close() {
    if (!open) {
      return;
    }
    open = false;
    if (wake >= 0) {
      NativeLinux.close(wake);
    }
    if (epoll >= 0) {
      NativeLinux.close(epoll);
    }
  }
}
