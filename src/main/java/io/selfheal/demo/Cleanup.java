package io.selfheal.demo;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Ends what the demo began, the last first, once: at its end, when it fails, or on Ctrl-C at any
 * moment. After that nothing begins any more.
 */
final class Cleanup implements AutoCloseable {
  private final Deque<End> endings = new ArrayDeque<>();
  private boolean closed;

  /** Ends one part. */
  @FunctionalInterface
  interface End {
    /** Does nothing when the part never began. */
    void end() throws IOException, InterruptedException;
  }

  /** Says how a part is ended; to be called before the part begins. */
  synchronized void add(End ending) throws IOException {
    if (closed) {
      throw new IOException("the demo is ending");
    }
    endings.push(ending);
  }

  /** Whether the demo is over, or being ended. */
  synchronized boolean closed() {
    return closed;
  }

  /** Ends every part, whatever becomes of the others. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
    }
    IOException failure = null;
    for (End ending = next(); ending != null; ending = next()) {
      try {
        ending.end();
      } catch (IOException failed) {
        failure = failed;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private synchronized @Nullable End next() {
    return endings.poll();
  }
}
