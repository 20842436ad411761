package io.selfheal.service;

import io.selfheal.message.BreakerEvent;
import io.selfheal.message.BudgetEvent;
import io.selfheal.message.Event;
import io.selfheal.message.LimitEvent;
import io.selfheal.message.LimitEvent.Limit;
import io.selfheal.message.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;

/** Publishes what people and other parts should know of a service. */
final class News {
  private final Consumer<Event> bus;

  News(Consumer<Event> bus) {
    this.bus = bus;
  }

  void tell(Event event) {
    bus.accept(event);
  }

  /** The breaker changed its state by itself. */
  void moved(String service, Phase phase) {
    switch (phase.state()) {
      case CLOSED -> tell(new BreakerEvent.Closed(service));
      case OPEN ->
          tell(new BreakerEvent.Opened(service, Objects.requireNonNullElse(phase.reason(), "")));
      case HALF_OPEN -> tell(new BreakerEvent.HalfOpened(service));
      case FORCED_OPEN, FORCED_CLOSED, DISABLED -> {}
    }
  }

  /** A call was refused for a limit. */
  void limited(String service, Limit limit, long refused, long wait) {
    tell(new LimitEvent.Reached(service, limit, refused, Duration.ofNanos(wait)));
  }

  /** A permit was given, or a report has settled one. */
  void used(String service, Ledger ledger) {
    if (ledger.warns()) {
      tell(
          new BudgetEvent.Warned(
              service,
              Money.decimal(ledger.config().amount()),
              ledger.config().currency(),
              Money.decimal(ledger.usedByAll()),
              ledger.config().warnAt(),
              end(ledger)));
    }
  }

  /** A call was refused for the budget. */
  void exhausted(String service, Ledger ledger) {
    tell(
        new BudgetEvent.Exhausted(
            service,
            Money.decimal(ledger.config().amount()),
            ledger.config().currency(),
            Money.decimal(ledger.usedByAll()),
            end(ledger)));
  }

  /** A new period began. */
  void reset(String service, Ledger ledger) {
    tell(
        new BudgetEvent.Reset(
            service,
            Money.decimal(ledger.config().amount()),
            ledger.config().currency(),
            Money.decimal(ledger.spentBefore()),
            end(ledger)));
  }

  private static Instant end(Ledger ledger) {
    return Instant.ofEpochMilli(ledger.period().end());
  }
}
