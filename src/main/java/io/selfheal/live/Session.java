package io.selfheal.live;

import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.Recorded;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one client. Every event that it wants behind its place is sent once and in order, or
 * lies in a gap that is told; past the limit the client is closed. Plain clients get events only:
 * their gaps show in the offsets. Not safe for threads.
 */
final class Session {
  private final Filter filter;
  private final boolean plain;
  private final long limit;
  private final Line line;
  private final Outbox outbox = new Outbox();
  private @Nullable Replay replay;
  private @Nullable Function<Boolean, String> greeting;
  private long taken;
  private boolean closed;

  private Session(Filter filter, boolean plain, long limit, Line line) {
    this.filter = filter;
    this.plain = plain;
    this.limit = limit;
    this.line = line;
  }

  /** A client from a place on that the live stream has not passed. */
  static Session live(Filter filter, boolean plain, long limit, Line line, long from) {
    Session session = new Session(filter, plain, limit, line);
    session.taken = from;
    return session;
  }

  /**
   * A client whose events begin in the past.
   *
   * @param hello the first frame, when it is known whether nothing is missing
   */
  static Session replaying(
      Filter filter,
      boolean plain,
      long limit,
      Line line,
      long after,
      Function<Boolean, String> hello) {
    Session session = new Session(filter, plain, limit, line);
    session.taken = after;
    session.replay = new Replay(after, limit);
    session.greeting = hello;
    return session;
  }

  Filter filter() {
    return filter;
  }

  /** Whether everything so far was sent, so that the client may be told a position. */
  boolean upToDate() {
    return !closed && !plain && replay == null && outbox.isEmpty() && line.writable();
  }

  /** Sends a frame that is no event, before anything else; plain clients do not get it. */
  void tell(String frame) {
    if (!plain) {
      line.send(frame);
    }
  }

  /** Live events came that the filter lets through, the last received one being {@code to}. */
  void offer(List<Chunk> chunks, long to) {
    if (closed) {
      return;
    }
    Replay running = replay;
    if (running != null) {
      running.offer(chunks, to);
      return;
    }
    for (Chunk chunk : chunks) {
      if (outbox.isEmpty() && chunk.from() > taken && line.writable()) {
        send(chunk);
        continue;
      }
      chunk.events().stream().filter(event -> event.offset() > taken).forEach(outbox::add);
    }
    taken = Math.max(taken, to);
    drain();
  }

  /** The live stream itself misses something. A client that replays finds it in the journal. */
  void offer(Gap gap) {
    if (closed || replay != null) {
      return;
    }
    outbox.add(gap);
    drain();
  }

  /** Sends what waits, as far as the socket takes it; closes a client that is too far behind. */
  void drain() {
    while (!closed && !outbox.isEmpty() && line.writable()) {
      Piece piece = outbox.next();
      if (piece != null) {
        send(piece);
      }
    }
    if (!closed && replay == null && outbox.bytes() > limit) {
      close(CloseReason.SLOW);
    }
  }

  void close(CloseReason reason) {
    closed = true;
    line.close(reason);
  }

  /** The socket is gone. */
  void end() {
    closed = true;
  }

  /** What is to be read from the journal now, if anything. The caller must ask for it. */
  OptionalLong ask(long received) {
    Replay running = replay;
    if (closed || running == null || !running.mayAsk() || !outbox.isEmpty() || !line.writable()) {
      return OptionalLong.empty();
    }
    running.ask(received);
    return OptionalLong.of(running.after());
  }

  /** The journal answered. */
  void arrived(Events page) {
    Replay running = replay;
    if (closed || running == null) {
      return;
    }
    long after = running.after();
    List<Gap> gaps = Holes.of(page, after, filter.readsAll());
    greet(gaps.isEmpty());
    Holes.weave(wanted(page.events(), after), gaps, outbox);
    if (running.arrived(page.last(), page.more())) {
      join(running, running.after());
    } else if (running.hopeless()) {
      giveUp(running, Gap.Reason.NOT_HELD);
    }
    drain();
  }

  /** The journal did not answer. */
  void failed() {
    Replay running = replay;
    if (closed || running == null) {
      return;
    }
    running.failed();
    if (running.hopeless()) {
      greet(false);
      giveUp(running, Gap.Reason.JOURNAL_UNAVAILABLE);
    }
    drain();
  }

  /** Time has passed: what failed may be tried again. */
  void rested() {
    if (replay != null) {
      replay.rested();
    }
  }

  private List<Recorded> wanted(List<Recorded> events, long after) {
    return events.stream()
        .filter(event -> event.offset() > after && filter.matches(event))
        .toList();
  }

  private void join(Replay running, long from) {
    replay = null;
    taken = from;
    for (Recorded event : running.keptBehind(from)) {
      outbox.keep(event);
      taken = event.offset();
    }
  }

  private void giveUp(Replay running, Gap.Reason reason) {
    long to = running.missingUpTo();
    if (to > running.after()) {
      outbox.add(new Gap(running.after() + 1, to, reason));
    }
    join(running, Math.max(to, running.after()));
  }

  private void greet(boolean recovered) {
    Function<Boolean, String> hello = greeting;
    if (hello != null) {
      tell(hello.apply(recovered));
      greeting = null;
    }
  }

  private void send(Piece piece) {
    switch (piece) {
      case Gap gap -> tell(Frames.gap(gap));
      case Chunk chunk -> chunk.frames(plain).forEach(line::send);
    }
  }
}
