package io.selfheal.symptom;

import io.selfheal.bus.Bus;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.Event;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.Recorded;
import io.selfheal.message.TypePattern;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers from a list, as the journal answers. */
final class ToyJournal {
  final List<Recorded> held = new CopyOnWriteArrayList<>();

  ToyJournal(Bus bus) {
    bus.answer(
        JournalRequests.STATUS,
        query ->
            Future.succeededFuture(
                new JournalRequests.Status(1, newest(), oldest(), 0, 0, 0, null)));
    bus.answer(JournalRequests.EVENTS, query -> Future.succeededFuture(page(query)));
  }

  private long newest() {
    return held.isEmpty() ? 0 : held.getLast().offset();
  }

  private long oldest() {
    return held.isEmpty() ? 0 : held.getFirst().offset();
  }

  /** A component says how it is. */
  void add(long offset, Instant time, Status status) {
    add(offset, time, new ComponentEvent.Changed("a", status, ""));
  }

  void add(long offset, Instant time, Event event) {
    held.add(StoredTest.recorded(offset, time, event));
  }

  private Events page(ReadEvents query) {
    TypePattern types = TypePattern.of(query.types());
    List<Recorded> page =
        held.stream()
            .filter(event -> event.offset() > query.after() && types.matches(event.type()))
            .limit(query.limit())
            .toList();
    long last = page.isEmpty() ? newest() : page.getLast().offset();
    boolean complete = !query.types().isEmpty() || last - query.after() == page.size();
    return new Events(1, page, last, complete, last < newest());
  }
}
