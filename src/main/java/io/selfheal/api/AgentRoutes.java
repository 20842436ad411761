package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.selfheal.api.ProblemDetails.FieldError;
import io.selfheal.bus.Bus;
import io.selfheal.message.AgentRequests;
import io.selfheal.message.AgentRequests.Flaw;
import io.vertx.core.Future;
import java.util.List;

/** The agent itself, its effective configuration, and the reading of the rules anew. */
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
            call -> bus.ask(AgentRequests.CONFIG, new AgentRequests.ReadConfig()).map(Reply::json)),
        Endpoint.post("/api/v1/config/reload", Access.CHANGE, this::reload));
  }

  private Future<Reply> reload(Call call) {
    call.body(NothingBody.class);
    return bus.ask(AgentRequests.RELOAD, new AgentRequests.Reload())
        .map(
            reloaded -> {
              if (reloaded.flaws().isEmpty()) {
                return Reply.json(reloaded);
              }
              throw bad(reloaded.flaws());
            });
  }

  private static ApiFailure bad(List<Flaw> flaws) {
    String count = flaws.size() == 1 ? "1 problem" : flaws.size() + " problems";
    return ApiFailure.of(
        ProblemKind.BAD_CONFIGURATION,
        "the rules stay as they are: " + count,
        flaws.stream().map(AgentRoutes::error).toList());
  }

  private static FieldError error(Flaw flaw) {
    return new FieldError(
        flaw.key().isEmpty() ? flaw.where() : flaw.where() + ": " + flaw.key(),
        flaw.hint().isEmpty() ? flaw.cause() : flaw.cause() + "; " + flaw.hint());
  }

  /** Says nothing. */
  record NothingBody() implements Body {
    @Override
    public void check(FieldCheck check) {
      // There is no field that could be wrong.
    }
  }
}
