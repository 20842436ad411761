package io.selfheal.api;

import io.selfheal.bus.Bus;
import io.selfheal.message.HostRequests;
import java.util.List;

/** The newest reading of the machine. */
final class HostRoutes {
  private final Bus bus;

  HostRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            "/api/v1/host",
            call -> bus.ask(HostRequests.READ, new HostRequests.Read()).map(Reply::json)));
  }
}
