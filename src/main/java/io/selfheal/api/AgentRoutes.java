package io.selfheal.api;

import io.selfheal.bus.Bus;
import io.selfheal.message.AgentRequests;
import java.util.List;

/** The agent itself and its effective configuration. */
final class AgentRoutes {
  private final Bus bus;

  AgentRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            "/api/v1/agent",
            call -> bus.ask(AgentRequests.AGENT, new AgentRequests.ReadAgent()).map(Reply::json)),
        Endpoint.get(
            "/api/v1/config",
            call ->
                bus.ask(AgentRequests.CONFIG, new AgentRequests.ReadConfig()).map(Reply::json)));
  }
}
