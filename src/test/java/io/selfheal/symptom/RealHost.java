package io.selfheal.symptom;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.host.HostConfig;
import io.selfheal.host.HostSampler;
import io.selfheal.message.Event;
import io.selfheal.message.Request;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests;
import io.selfheal.message.SymptomRequests.Look;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.rule.RuleBook;
import io.selfheal.worker.Shared;
import io.selfheal.worker.WorkerConfig;
import io.selfheal.worker.WorkerWatch;
import io.selfheal.worker.WorkersConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** The parts of a running agent that see this machine, with real clocks; and what they say. */
final class RealHost implements AutoCloseable {
  private static final int LIMIT_SECONDS = 120;

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  private final BlockingQueue<Event> incoming = new LinkedBlockingQueue<>();
  private final List<Event> heard = new ArrayList<>();

  RealHost(Path home, String rules, WorkerConfig... workers) throws Exception {
    bus.onEvent(incoming::add);
    Time time = new Time(InstantSource.system(), System::nanoTime);
    RuleBook book = new RuleBook(Seat.read(rules));
    wait(vertx.deployVerticle(new SymptomWatch(book, bus, time)));
    wait(
        vertx.deployVerticle(
            new WorkerWatch(
                new WorkersConfig(List.of(workers)), home, new Shared("alone", null), bus, time)));
    wait(vertx.deployVerticle(new HostSampler(new HostConfig(Duration.ofSeconds(1)), bus, time)));
  }

  static WorkerConfig worker(String name, String... command) {
    WorkerConfig.Way run =
        new WorkerConfig.Way.Run(
            List.of(command), 1, Optional.empty(), Map.of(), true, Duration.ofSeconds(5));
    return new WorkerConfig(name, run, Optional.empty(), Duration.ofSeconds(3));
  }

  static <T> T wait(Future<T> future) throws TimeoutException {
    return future.await(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  <Q, R> R ask(Request<Q, R> request, Q query) throws TimeoutException {
    return wait(bus.ask(request, query, Duration.ofSeconds(60)));
  }

  Standing standing(String rule, String subject) throws TimeoutException {
    return ask(SymptomRequests.LOOK, new Look(rule, subject));
  }

  /** The next event that is wanted. */
  <E extends Event> E await(Class<E> type, Predicate<E> wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      Event event = incoming.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("no " + type.getSimpleName() + " among " + symptoms());
      }
      heard.add(event);
      if (type.isInstance(event) && wanted.test(type.cast(event))) {
        return type.cast(event);
      }
    }
  }

  SymptomEvent.Seen seen(String rule) throws InterruptedException {
    return await(SymptomEvent.Seen.class, seen -> seen.rule().equals(rule));
  }

  SymptomEvent.Cleared cleared(String rule) throws InterruptedException {
    return await(SymptomEvent.Cleared.class, cleared -> cleared.rule().equals(rule));
  }

  /** Waits until a reading of a subject is as it is wanted. */
  Standing until(String rule, String subject, Predicate<Standing> wanted) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      Standing now = standing(rule, subject);
      if (wanted.test(now)) {
        return now;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come: " + now);
      }
      await(Event.class, event -> true);
    }
  }

  /** What was said of symptoms so far. */
  List<Event> symptoms() {
    incoming.drainTo(heard);
    return heard.stream().filter(SymptomEvent.class::isInstance).toList();
  }

  @Override
  public void close() throws TimeoutException {
    wait(vertx.close());
  }
}
