package io.selfheal.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.BreakerState;
import io.selfheal.message.ServiceRequests.Counts;
import io.selfheal.message.ServiceRequests.Service;
import io.selfheal.message.ServiceRequests.Services;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Breakers, permits and costs of services. Breakers are told by events; what happens a thousand
 * times a second is counted by its owner, and read from there.
 */
final class ServiceMeters {
  private final MeterRegistry registry;
  private final Gauges breakers;
  private final Label services = new Label();
  private final Map<String, Long> permits = new HashMap<>();
  private final Map<String, Double> costs = new HashMap<>();

  ServiceMeters(MeterRegistry registry) {
    this.registry = registry;
    breakers =
        Gauges.family(
            registry, "selfheal_breaker_state", "0 closed, 1 half-open, 2 open", "service");
  }

  void hear(BreakerEvent event) {
    breakers.set(
        event.service(),
        switch (event) {
          case BreakerEvent.Closed closed -> 0;
          case BreakerEvent.HalfOpened halfOpened -> 1;
          case BreakerEvent.Opened opened -> 2;
          case BreakerEvent.Forced forced -> state(forced.state());
        });
  }

  private static double state(BreakerState state) {
    return switch (state) {
      case CLOSED, FORCED_CLOSED, DISABLED -> 0;
      case HALF_OPEN -> 1;
      case OPEN, FORCED_OPEN -> 2;
    };
  }

  /** The owner's own counts, of which the difference to the last ones is new. */
  void read(Services all) {
    for (Service service : all.services()) {
      breakers.set(service.name(), state(service.breaker().state()));
      Counts counts = service.counts();
      permits(service.name(), "granted", counts.granted());
      counts
          .refused()
          .forEach(
              (reason, count) ->
                  permits(service.name(), reason.name().toLowerCase(Locale.ROOT), count));
      permits(service.name(), "lost", counts.lost());
      cost(service.name(), counts.cost().doubleValue());
    }
  }

  private void permits(String service, String result, long count) {
    Long before = permits.put(service + "/" + result, count);
    long more = count - (before == null ? 0 : before);
    if (more > 0) {
      Counter.builder("selfheal_permits")
          .description("Permits by what came of the question; lost ones were not reported")
          .tag("service", services.of(service))
          .tag("result", result)
          .register(registry)
          .increment((double) more);
    }
  }

  /** A counter only grows: what a late report takes back is left out until it is caught up with. */
  private void cost(String service, double cost) {
    double before = costs.getOrDefault(service, 0.0);
    if (cost > before) {
      costs.put(service, cost);
      Counter.builder("selfheal_service_cost")
          .description("What calls cost, in the currency of the service's budget")
          .tag("service", services.of(service))
          .register(registry)
          .increment(cost - before);
    }
  }
}
