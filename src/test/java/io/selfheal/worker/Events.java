package io.selfheal.worker;

import io.selfheal.bus.Bus;
import io.selfheal.message.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Hears all events and waits for one. */
final class Events {
  private final BlockingQueue<Event> incoming = new LinkedBlockingQueue<>();
  private final List<Event> heard = new ArrayList<>();

  Events(Bus bus) {
    bus.onEvent(incoming::add);
  }

  /** The first event of that kind since the last {@link #forget()}. */
  <E extends Event> E await(Class<E> type, Predicate<E> wanted) throws InterruptedException {
    for (Event event : heard) {
      if (type.isInstance(event) && wanted.test(type.cast(event))) {
        return type.cast(event);
      }
    }
    while (true) {
      Event event = incoming.poll(20, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no " + type.getSimpleName() + " among " + heard);
      }
      heard.add(event);
      if (type.isInstance(event) && wanted.test(type.cast(event))) {
        return type.cast(event);
      }
    }
  }

  <E extends Event> E await(Class<E> type) throws InterruptedException {
    return await(type, event -> true);
  }

  /** How many of a kind came so far. */
  long count(Class<? extends Event> type) {
    incoming.drainTo(heard);
    return heard.stream().filter(type::isInstance).count();
  }

  /** All of a kind that came so far. */
  <E extends Event> List<E> all(Class<E> type) {
    incoming.drainTo(heard);
    return heard.stream().filter(type::isInstance).map(type::cast).toList();
  }

  void forget() {
    incoming.clear();
    heard.clear();
  }
}
