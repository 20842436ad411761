package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.Quantity;
import io.selfheal.message.SymptomRequests;
import io.selfheal.message.SymptomRequests.ListRules;
import io.selfheal.message.SymptomRequests.RuleState;
import io.selfheal.message.SymptomRequests.RuleStates;
import io.selfheal.message.SymptomRequests.Try;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules in force, with how their subjects stand; and a trial over the stored facts. */
final class RuleRoutes {
  /** Below the idle limit of the connection, which would cut it before the answer. */
  private static final Duration TRY_LIMIT = Duration.ofSeconds(50);

  private static final String DEFAULT_SINCE = "7d";
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final int LONGEST_SINCE = 100;

  private final Bus bus;
  private final Time time;

  RuleRoutes(Bus bus, Time time) {
    this.bus = bus;
    this.time = time;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/rules", call -> rules().map(Reply::json)),
        Endpoint.get("/api/v1/rules/{name}", call -> rule(call.path("name")).map(Reply::json)),
        Endpoint.post("/api/v1/rules/{name}/try", Access.CHANGE, this::trial));
  }

  private Future<RuleStates> rules() {
    return bus.ask(SymptomRequests.RULES, new ListRules());
  }

  private Future<RuleState> rule(String name) {
    return rules()
        .map(
            all ->
                all.rules().stream()
                    .filter(rule -> rule.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(all)));
  }

  private static ApiFailure unknown(RuleStates all) {
    List<String> names = all.rules().stream().map(RuleState::name).toList();
    String known = names.isEmpty() ? "there is none" : "there are " + String.join(", ", names);
    return ApiFailure.of(ProblemKind.NOT_FOUND, "no rule has this name; " + known);
  }

  private Future<Reply> trial(Call call) {
    TryBody body = call.body(TryBody.class);
    Instant since = since(body.since() == null ? DEFAULT_SINCE : body.since());
    return rule(call.path("name"))
        .compose(rule -> bus.ask(SymptomRequests.TRY, new Try(rule.name(), since), TRY_LIMIT))
        .map(Reply::json);
  }

  private Instant since(String text) {
    Instant now = time.now();
    Instant since = Quantity.duration(text).map(now::minus).orElseGet(() -> moment(text));
    if (since.isAfter(now) || since.isBefore(now.minus(LONGEST))) {
      throw ApiFailure.field("since", "must be within the last ten years; now is " + now);
    }
    return since;
  }

  private static Instant moment(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notATime) {
      throw ApiFailure.field(
          "since",
          "must be how far back, such as 12h or 7d, or an RFC 3339 time such as"
              + " 2026-01-31T12:00:00Z");
    }
  }

  /** From when on; how far back, or a time. */
  record TryBody(@Nullable String since) implements Body {
    @Override
    public void check(FieldCheck check) {
      if (since != null) {
        check.needed("since", since, LONGEST_SINCE);
      }
    }
  }
}
