package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.Outcome;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.ServiceRequests.Force;
import io.selfheal.message.ServiceRequests.ForceAnswer;
import io.selfheal.message.ServiceRequests.ForceDone;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.message.ServiceRequests.ListServices;
import io.selfheal.message.ServiceRequests.ReadService;
import io.selfheal.message.ServiceRequests.Service;
import io.selfheal.message.ServiceRequests.Unknown;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The services that workers call, and a person's hand on their breakers. */
final class ServiceRoutes {
  private static final int LONGEST_REASON = 1_000;
  private static final int LONGEST_AUTHOR = 200;
  private static final String SOMEBODY = "somebody with the token";

  private final Bus bus;
  private final Time time;

  ServiceRoutes(Bus bus, Time time) {
    this.bus = bus;
    this.time = time;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/services", Set.of("kind"), this::list),
        Endpoint.get("/api/v1/services/{name}", this::read),
        Endpoint.post("/api/v1/services/{name}/breaker", Access.CHANGE, this::force));
  }

  private Future<Reply> list(Call call) {
    ListServices query = new ListServices(call.query().text("kind").orElse(null));
    return bus.ask(ServiceRequests.LIST, query).map(Reply::json);
  }

  private Future<Reply> read(Call call) {
    return bus.ask(ServiceRequests.READ, new ReadService(call.path("name")))
        .map(
            answer ->
                switch (answer) {
                  case Service service -> Reply.json(service);
                  case Unknown unknown -> throw unknown(unknown);
                });
  }

  /** A 404 that helps with a typing error. */
  static ApiFailure unknown(Unknown unknown) {
    String hint =
        unknown.near().isEmpty()
            ? "GET /api/v1/services lists all"
            : "did you mean " + String.join(", or ", unknown.near()) + "?";
    return ApiFailure.of(ProblemKind.NOT_FOUND, "no service has this name; " + hint);
  }

  private Future<Reply> force(Call call) {
    BreakerBody body = call.body(BreakerBody.class);
    FieldCheck check = new FieldCheck();
    @Nullable Instant until = check.future("until", body.until(), time.now());
    Hand hand = Hand.valueOf(Objects.requireNonNull(body.state()).toUpperCase(Locale.ROOT));
    if (until != null && (hand == Hand.RESET || hand == Hand.AUTOMATIC)) {
      check.wrong("until", "goes with forced_open, forced_closed and disabled only");
    }
    check.finish();
    Force query =
        new Force(
            call.path("name"),
            hand,
            Objects.requireNonNull(body.reason()),
            body.author() == null ? SOMEBODY : body.author(),
            until);
    return bus.ask(ServiceRequests.FORCE, query).map(ServiceRoutes::forced);
  }

  private static Reply forced(ForceAnswer answer) {
    return switch (answer) {
      case Unknown unknown -> throw unknown(unknown);
      case ForceDone done when done.outcome() == Outcome.REFUSED ->
          throw ApiFailure.of(ProblemKind.REFUSED, done.detail());
      case ForceDone done -> Reply.json(done);
    };
  }

  /**
   * What a person wants of a breaker.
   *
   * @param until when it decides by itself again; null: until a person says so
   * @param author who it is, as they say themselves
   */
  record BreakerBody(
      @Nullable String state,
      @Nullable String reason,
      @Nullable String until,
      @Nullable String author)
      implements Body {
    @Override
    public void check(FieldCheck check) {
      if (state == null) {
        check.wrong("state", "is missing");
      }
      check.oneOf("state", state, Hand.class);
      check.needed("reason", reason, LONGEST_REASON);
      check.atMost("author", author, LONGEST_AUTHOR);
    }
  }
}
