package io.selfheal.symptom;

import io.selfheal.bus.RequestFailed;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.BreakerState;
import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.DatabaseRequests.ListDatabases;
import io.selfheal.message.DatabaseRequests.State;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.Presence;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.ServiceRequests.ListServices;
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
import java.util.stream.Stream;

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
      case BreakerEvent.Forced forced ->
          reading(forced.service(), forced.state(), forcedBy(forced.author(), forced.reason()));
    };
  }

  private static Reading reading(String service, BreakerState state, String cause) {
    return switch (state) {
      case OPEN, FORCED_OPEN -> away(service, cause);
      case HALF_OPEN ->
          new Reading(Subject.service(service), Presence.BETWEEN, "a few calls pass, to see");
      case CLOSED, FORCED_CLOSED, DISABLED -> passes(service);
    };
  }

  @Override
  public Optional<Duration> every() {
    return Optional.of(EVERY);
  }

  @Override
  public List<Reading> look(Surroundings around) throws TimeoutException {
    List<State> states = Answers.of(around, DatabaseRequests.LIST, new ListDatabases()).databases();
    Stream<Reading> databases =
        states.stream()
            .filter(one -> wanted(one.name()))
            .map(
                one -> {
                  String why = one.away();
                  return why == null ? passes(one.name()) : away(one.name(), why);
                });
    return Stream.concat(databases, guarded(around).stream()).map(this::keep).toList();
  }

  /** The services that workers call; an agent without that part knows databases only. */
  private List<Reading> guarded(Surroundings around) throws TimeoutException {
    try {
      return Answers.of(around, ServiceRequests.LIST, new ListServices(null)).services().stream()
          .filter(one -> wanted(one.name()))
          .map(one -> reading(one.name(), one.breaker().state(), cause(one.breaker())))
          .toList();
    } catch (RequestFailed failure) {
      if (failure.reason() == RequestFailed.Reason.NOBODY_ANSWERS) {
        return List.of();
      }
      throw failure;
    }
  }

  private static String cause(ServiceRequests.Breaker breaker) {
    String reason = String.valueOf(breaker.reason());
    return breaker.author() == null ? reason : forcedBy(breaker.author(), reason);
  }

  private static String forcedBy(String author, String reason) {
    return "forced open by " + author + ": " + reason;
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
