package io.selfheal.symptom;

import io.selfheal.message.BreakerEvent;
import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.DatabaseRequests.ListDatabases;
import io.selfheal.message.DatabaseRequests.State;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeoutException;

/**
 * Listens to breakers. The readings of the host, of which one comes each second, let time pass
 * between two events; and that of a database, which may have moved before this agent's start, is
 * asked for.
 */
final class BreakerDetector implements Detector {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final List<String> services;

  /** A look comes on another thread than a fact. */
  private final Map<String, Reading> newest = new ConcurrentSkipListMap<>();

  /**
   * @param services names; empty: all
   */
  BreakerDetector(List<String> services) {
    this.services = services;
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    return switch (event) {
      case HostEvent.Sampled second -> List.copyOf(newest.values());
      case BreakerEvent moved when wanted(moved.service()) -> List.of(keep(reading(moved)));
      default -> List.of();
    };
  }

  private static Reading reading(BreakerEvent moved) {
    return switch (moved) {
      case BreakerEvent.Opened(String service, String cause) -> away(service, cause);
      case BreakerEvent.HalfOpened(String service) ->
          new Reading(Subject.service(service), Presence.BETWEEN, "one call is let through to see");
      case BreakerEvent.Closed(String service) -> passes(service);
      case BreakerEvent.Forced forced -> reading(forced);
    };
  }

  private static Reading reading(BreakerEvent.Forced forced) {
    String why = "forced open by " + forced.author() + ": " + forced.reason();
    return switch (forced.state()) {
      case OPEN, FORCED_OPEN -> away(forced.service(), why);
      case HALF_OPEN ->
          new Reading(
              Subject.service(forced.service()), Presence.BETWEEN, "a few calls pass, to see");
      case CLOSED, FORCED_CLOSED, DISABLED -> passes(forced.service());
    };
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(EVERY);
  }

  @Override
  public List<Reading> look(Surroundings around) throws TimeoutException {
    List<State> states = Answers.of(around, DatabaseRequests.LIST, new ListDatabases()).databases();
    return states.stream()
        .filter(one -> wanted(one.name()))
        .map(
            one -> {
              String why = one.away();
              return keep(why == null ? passes(one.name()) : away(one.name(), why));
            })
        .toList();
  }

  private Reading keep(Reading reading) {
    newest.put(reading.subject(), reading);
    return reading;
  }

  private boolean wanted(String service) {
    return services.isEmpty() || services.contains(service);
  }

  private static Reading away(String service, String cause) {
    return new Reading(
        Subject.service(service), Presence.PRESENT, "calls are refused at once: " + cause);
  }

  private static Reading passes(String service) {
    return new Reading(Subject.service(service), Presence.ABSENT, "calls pass");
  }
}
