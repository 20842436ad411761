package io.selfheal.live;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.JournalRequests.ReadStatus;
import io.selfheal.message.Recorded;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All state of the live stream: where the log is, and who listens. On one context only. */
final class Feed {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final int PAGE = 250;
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final LiveConfig config;
  private final String agentName;
  private final Bus bus;
  private final Time time;
  private final Vertx vertx;
  private final Audience audience = new Audience();
  private final Set<Peer> peers = new LinkedHashSet<>();
  private long epoch;
  private long received;
  private long flushedAt;
  private long timer = -1;
  private boolean stopping;

  Feed(LiveConfig config, String agentName, Bus bus, Time time, Vertx vertx) {
    this.config = config;
    this.agentName = agentName;
    this.bus = bus;
    this.time = time;
    this.vertx = vertx;
    this.flushedAt = time.mark() - config.flush().toNanos();
  }

  int clients() {
    return peers.size();
  }

  boolean located() {
    return epoch != 0;
  }

  /** Why nobody can come in now; null: come in. */
  @Nullable String refusal() {
    if (stopping) {
      return "the live stream is stopping";
    }
    if (epoch == 0) {
      return "the journal has not yet said where the log is";
    }
    return full() ? "all " + config.maxClients() + " places are taken (live.max_clients)" : null;
  }

  private boolean full() {
    return peers.size() >= config.maxClients();
  }

  /** Learns from the journal where the log is; an event that comes first tells as well. */
  Future<Void> locate() {
    return bus.ask(JournalRequests.STATUS, new ReadStatus())
        .map(
            status -> {
              if (epoch == 0) {
                epoch = status.epoch();
                received = status.newest();
              }
              return null;
            });
  }

  /** An event was journaled. */
  void recorded(Recorded event) {
    if (event.epoch() != epoch) {
      relocate(event);
    }
    if (event.offset() <= received) {
      return;
    }
    if (event.offset() > received + 1) {
      flush();
      Gap gap = new Gap(received + 1, event.offset() - 1, Gap.Reason.MISSED);
      audience.each(session -> session.offer(gap));
    }
    received = event.offset();
    if (audience.accept(event)) {
      schedule();
    }
  }

  private void relocate(Recorded event) {
    flush();
    peers.forEach(peer -> peer.close(CloseReason.LOG_LOST));
    epoch = event.epoch();
    received = event.offset() - 1;
  }

  /** The first event after a quiet time goes out at once; what follows it is gathered. */
  private void schedule() {
    if (timer >= 0) {
      return;
    }
    if (time.since(flushedAt).compareTo(config.flush()) >= 0) {
      flush();
      return;
    }
    timer = vertx.setTimer(config.flush().toMillis(), id -> flush());
  }

  /** Hands out what was gathered. */
  void flush() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
    flushedAt = time.mark();
    audience.flush(received);
  }

  /** A client came in. */
  void enter(Peer peer, Query.Good wish, boolean plain) {
    if (peer.isGone()) {
      return;
    }
    if (stopping || full()) {
      peer.close(stopping ? CloseReason.GOING_AWAY : CloseReason.FULL);
      return;
    }
    peers.add(peer);
    Place since = wish.since();
    if (since == null) {
      begin(peer, live(peer, wish, plain, received), null);
    } else if (since.epoch() != epoch) {
      Session session = begin(peer, live(peer, wish, plain, received), false);
      if (received > 0) {
        session.offer(new Gap(1, received, Gap.Reason.EPOCH_CHANGED));
      }
    } else if (since.offset() > received) {
      enterAhead(peer, wish, plain, since.offset());
    } else {
      replay(peer, wish, plain, since.offset());
    }
  }

  /** Some readers of the journal are ahead of the live stream by a moment. */
  private void enterAhead(Peer peer, Query.Good wish, boolean plain, long offset) {
    bus.ask(JournalRequests.STATUS, new ReadStatus())
        .onComplete(
            status -> {
              if (peer.isGone() || peer.isClosing()) {
                return;
              }
              long newest = status.succeeded() ? status.result().newest() : received;
              if (offset <= received) {
                replay(peer, wish, plain, offset);
              } else if (offset <= newest) {
                begin(peer, live(peer, wish, plain, offset), true);
              } else {
                begin(peer, live(peer, wish, plain, received), false)
                    .offer(new Gap(newest + 1, offset, Gap.Reason.NOT_HELD));
              }
            });
  }

  private Session live(Peer peer, Query.Good wish, boolean plain, long from) {
    return Session.live(wish.filter(), plain, config.queueBytes(), peer, from);
  }

  private Session begin(Peer peer, Session session, @Nullable Boolean recovered) {
    session.tell(Frames.hello(agentName, new Place(epoch, received), recovered));
    seat(peer, session);
    return session;
  }

  private void replay(Peer peer, Query.Good wish, boolean plain, long after) {
    Session session =
        Session.replaying(
            wish.filter(),
            plain,
            config.queueBytes(),
            peer,
            after,
            recovered -> Frames.hello(agentName, new Place(epoch, received), recovered));
    seat(peer, session);
    advance(session);
  }

  private void seat(Peer peer, Session session) {
    peer.session(session);
    audience.add(session);
  }

  /** Reads on in the journal for a client that replays and has room. */
  private void advance(Session session) {
    session
        .ask(received)
        .ifPresent(
            after -> {
              Filter filter = session.filter();
              ReadEvents query =
                  new ReadEvents(
                      epoch, after, filter.journalTypes(), filter.journalSubject(), PAGE);
              bus.ask(JournalRequests.EVENTS, query)
                  .onComplete(
                      page -> {
                        if (page.succeeded()) {
                          session.arrived(page.result());
                        } else {
                          LOG.debug("No page behind {} for a live client", after, page.cause());
                          session.failed();
                        }
                        advance(session);
                      });
            });
  }

  /** A client took what waited in its socket. */
  void drained(Peer peer) {
    peer.alive();
    Session session = peer.session();
    if (session != null) {
      session.drain();
      advance(session);
    }
  }

  /** A client's socket is closed. */
  void left(Peer peer) {
    peer.gone();
    peers.remove(peer);
    Session session = peer.session();
    if (session != null) {
      session.end();
      audience.remove(session);
    }
  }

  /** Tries again what waited for time to pass, and cuts off those who do not answer a closing. */
  void tend() {
    flush();
    long now = time.mark();
    for (Peer peer : List.copyOf(peers)) {
      if (peer.isClosing()) {
        if (time.since(peer.closingSince(now)).compareTo(config.farewell()) > 0) {
          peer.cutOff();
        }
        continue;
      }
      Session session = peer.session();
      if (session != null) {
        session.rested();
        session.drain();
        advance(session);
      }
    }
  }

  /** Tells those who have everything how far the log is. */
  void tellPosition() {
    if (epoch == 0 || peers.isEmpty()) {
      return;
    }
    flush();
    String frame = Frames.position(new Place(epoch, received));
    audience.each(
        session -> {
          if (session.upToDate()) {
            session.tell(frame);
          }
        });
  }

  /** Asks for signs of life; who gave none for long is cut off. */
  void probe() {
    for (Peer peer : List.copyOf(peers)) {
      if (!peer.isClosing() && peer.probe()) {
        LOG.info("A live client gave no sign of life; cut off");
        peer.cutOff();
      }
    }
  }

  /** Says goodbye to all; ends when they are gone, or are cut off. */
  Future<Void> stop() {
    stopping = true;
    flush();
    List<Peer> leaving = List.copyOf(peers);
    leaving.forEach(peer -> peer.close(CloseReason.GOING_AWAY));
    return Future.join(leaving.stream().map(Peer::farewell).toList())
        .timeout(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
        .<Void>mapEmpty()
        .recover(
            late -> {
              leaving.stream().filter(peer -> !peer.isGone()).forEach(Peer::cutOff);
              return Future.succeededFuture();
            });
  }
}
