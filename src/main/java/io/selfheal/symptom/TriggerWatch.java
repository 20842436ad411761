package io.selfheal.symptom;

import io.selfheal.kernel.Epoll;
import io.selfheal.kernel.NativeLinux;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of stalls from the kernel: one platform thread sleeps on an epoll of all triggers, and
 * while nobody waits for memory nothing wakes it. A trigger is an open pressure file in which its
 * limit was written; to close the file ends it. Only that thread opens and closes them.
 *
 * <p>The kernel tells at most once within a window. A trigger that it refuses, or whose control
 * group goes, is not tried again until it was not wanted for once.
 */
final class TriggerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TriggerWatch.class);

  private static final int READ_AND_WRITE = 2;
  private static final int NOT_BLOCKING = 0x800;

  private final Epoll epoll;
  private final Listener listener;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Map<Trigger, Long> tokens = new HashMap<>();
  private final Map<Long, Open> open = new HashMap<>();
  private long newest;
  private volatile Set<Trigger> wanted = Set.of();
  private volatile boolean closed;

  private record Open(Trigger trigger, int fd) {}

  /** Is told on the thread that sleeps; must not block. */
  interface Listener {
    /** Tasks waited for as long as the trigger says. */
    void stalled(Trigger trigger);

    /** There is no such trigger. */
    void refused(Trigger trigger, int errno);

    /** The control group is no more. */
    void gone(Trigger trigger);
  }

  private TriggerWatch(Epoll epoll, Listener listener) {
    this.epoll = epoll;
    this.listener = listener;
  }

  /**
   * Starts the thread.
   *
   * @throws IllegalStateException when the kernel gives it nothing to sleep on
   */
  static TriggerWatch start(Listener listener) {
    TriggerWatch watch = new TriggerWatch(Epoll.open(), listener);
    Thread.ofPlatform().daemon().name("selfheal-stalls").start(watch::run);
    return watch;
  }

  /** From now on these, and no others. */
  void want(Set<Trigger> triggers) {
    wanted = Set.copyOf(triggers);
    epoll.wake();
  }

  /** The thread ends by itself and closes what it opened. */
  @Override
  public void close() {
    closed = true;
    epoll.wake();
  }

  /** Completes when everything is closed. */
  CompletionStage<Void> ended() {
    return ended;
  }

  private void run() {
    try (epoll) {
      while (!closed) {
        renew(wanted);
        int failed = epoll.await(this::news);
        if (failed != 0) {
          LOG.error(
              "The kernel's word of stalls is no longer heard: epoll_wait failed with errno {};"
                  + " restart the agent",
              -failed);
          return;
        }
      }
    } catch (RuntimeException bug) {
      LOG.error("The kernel's word of stalls is no longer heard; restart the agent", bug);
    } finally {
      open.values().forEach(each -> NativeLinux.close(each.fd()));
      ended.complete(null);
    }
  }

  private void renew(Set<Trigger> now) {
    for (Trigger trigger : new HashSet<>(tokens.keySet())) {
      if (!now.contains(trigger)) {
        end(trigger);
        tokens.remove(trigger);
      }
    }
    for (Trigger trigger : now) {
      if (!tokens.containsKey(trigger)) {
        tokens.put(trigger, ++newest);
        int errno = begin(trigger, newest);
        if (errno != 0) {
          listener.refused(trigger, errno);
        }
      }
    }
  }

  /** 0, or the errno with which it is refused. */
  private int begin(Trigger trigger, long token) {
    int flags = READ_AND_WRITE | NOT_BLOCKING | NativeLinux.CLOSE_ON_EXEC;
    int fd = NativeLinux.open(trigger.file().toString(), flags);
    if (fd < 0) {
      return -fd;
    }
    int written = NativeLinux.writeText(fd, trigger.limit().forKernel());
    int added = written < 0 ? written : epoll.add(fd, Epoll.PRIORITY, token);
    if (added < 0) {
      NativeLinux.close(fd);
      return -added;
    }
    open.put(token, new Open(trigger, fd));
    return 0;
  }

  private void end(Trigger trigger) {
    Open held = open.remove(tokens.get(trigger));
    if (held != null) {
      epoll.remove(held.fd());
      NativeLinux.close(held.fd());
    }
  }

  private void news(long token, int events) {
    Open held = open.get(token);
    if (held == null) {
      return;
    }
    // A group that goes is told as a stall as well.
    if ((events & Epoll.ERROR) != 0) {
      end(held.trigger());
      listener.gone(held.trigger());
      return;
    }
    listener.stalled(held.trigger());
  }
}
