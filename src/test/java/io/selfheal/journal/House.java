package io.selfheal.journal;

import io.selfheal.bus.Bus;
import io.selfheal.message.AgentEvent;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.JournalRequests.FindIncident;
import io.selfheal.message.JournalRequests.FoundIncident;
import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.JournalRequests.SaveIncident;
import io.selfheal.message.JournalRequests.Saved;
import io.selfheal.message.Recorded;
import io.selfheal.message.Request;
import io.selfheal.message.Severity;
import io.selfheal.message.Topics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One running journal with a bus, as a test needs it. */
final class House implements AutoCloseable {
  private static final long LIMIT_SECONDS = 30;

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final Journal journal;
  private final BlockingQueue<Recorded> recorded = new LinkedBlockingQueue<>();

  House(Path file, Archive archive, HandTime time) {
    this(file, archive, time, JournalConfig.DEFAULT, "one");
  }

  House(Path file, Archive archive, HandTime time, JournalConfig config, String agent) {
    bus.on(Topics.RECORDED, recorded::add);
    journal = new Journal(config, file, agent, archive, bus, time.time());
    try {
      await(vertx.deployVerticle(journal));
    } catch (RuntimeException failure) {
      await(vertx.close());
      throw failure;
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("it did not end", late);
    }
  }

  <Q, R> R ask(Request<Q, R> request, Q query) {
    return await(bus.ask(request, query, Duration.ofSeconds(LIMIT_SECONDS)));
  }

  /** The next recorded event that is meant; those before it are passed over. */
  Recorded next(Predicate<Recorded> meant) {
    while (true) {
      Recorded event;
      try {
        event = recorded.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
      if (event == null) {
        throw new AssertionError("no such event was recorded");
      }
      if (meant.test(event)) {
        return event;
      }
    }
  }

  Recorded next(String type) {
    return next(event -> event.type().equals(type));
  }

  /** Publishes and waits until each is recorded. */
  List<Recorded> publish(int count, String prefix) {
    List<Recorded> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bus.publish(fact(prefix + i));
    }
    for (int i = 0; i < count; i++) {
      String subject = fact(prefix + i).subject();
      events.add(next(event -> event.subject().equals(subject)));
    }
    return events;
  }

  /** Runs a tick of the journal on its own context. */
  void crank(Function<Journal, Future<?>> tick) {
    Promise<Void> promise = Promise.promise();
    journal.owner().runOnContext(go -> tick.apply(journal).<Void>mapEmpty().onComplete(promise));
    await(promise.future());
  }

  Events read(long epoch, long after, int limit, String... types) {
    return ask(JournalRequests.EVENTS, new ReadEvents(epoch, after, List.of(types), null, limit));
  }

  Saved save(Incident incident) {
    return ask(JournalRequests.SAVE_INCIDENT, new SaveIncident(incident));
  }

  FoundIncident find(String id) {
    return ask(JournalRequests.INCIDENT, new FindIncident(id));
  }

  JournalRequests.Status status() {
    return ask(JournalRequests.STATUS, new JournalRequests.ReadStatus());
  }

  static Event fact(String name) {
    return new AgentEvent.Stopping(name, "a test");
  }

  static Event sample(String host) {
    return new HostEvent.Sampled(
        new HostSample(host, null, null, null, null, null, null, null, null, Map.of()));
  }

  static Incident incident(String id, Incident.State state) {
    return incident(id, state, "one");
  }

  static Incident incident(String id, Incident.State state, String agent) {
    Instant opened = Instant.parse("2026-03-01T11:00:00Z");
    @Nullable Instant closed = state.over() ? opened.plusSeconds(1) : null;
    return new Incident(
        id,
        "worker.lost",
        "worker/a.1",
        agent,
        "lost",
        "1",
        Severity.WARNING,
        state,
        "a worker was lost",
        "{}",
        opened,
        closed,
        null,
        List.of(new Incident.Entry(opened, "seen", "it is gone")),
        List.of(),
        List.of());
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
