package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.selfheal.bus.Bus;
import io.selfheal.message.HealRequests;
import io.selfheal.message.HealRequests.Decide;
import io.selfheal.message.HealRequests.Decided;
import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.FindIncident;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Incidents, newest first, each with everything that explains it; and a person's answer. */
final class IncidentRoutes {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private static final int LONGEST_REASON = 1_000;

  private final Bus bus;

  IncidentRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/incidents", Set.of("open", "limit", "cursor"), this::list),
        Endpoint.get("/api/v1/incidents/{id}", this::one),
        Endpoint.post("/api/v1/incidents/{id}/approve", Access.CHANGE, call -> decide(call, true)),
        Endpoint.post("/api/v1/incidents/{id}/reject", Access.CHANGE, call -> decide(call, false)));
  }

  private Future<Reply> list(Call call) {
    Query query = call.query();
    @Nullable String before = query.text("cursor").map(IncidentRoutes::lower).orElse(null);
    if (before != null && !UUID.matcher(before).matches()) {
      throw ApiFailure.field("cursor", "must be the \"next\" of the page before");
    }
    return bus.ask(
            JournalRequests.INCIDENTS, new ListIncidents(query.flag("open"), before, query.limit()))
        .map(Reply::json);
  }

  private Future<Reply> one(Call call) {
    String id = id("id", call.path("id"));
    return find(id).map(Reply::json);
  }

  private Future<Incident> find(String id) {
    return bus.ask(JournalRequests.INCIDENT, new FindIncident(id))
        .map(
            found -> {
              @Nullable Incident incident = found.incident();
              if (incident == null) {
                throw ApiFailure.of(ProblemKind.NOT_FOUND, "no incident has the id " + id);
              }
              return incident;
            });
  }

  private Future<Reply> decide(Call call, boolean approve) {
    String id = id("id", call.path("id"));
    DecisionBody body = call.body(DecisionBody.class);
    Decide decide = new Decide(id, approve, Objects.requireNonNull(body.reason()));
    return bus.ask(HealRequests.DECIDE, decide)
        .compose(
            decided ->
                decided.taken() ? Future.succeededFuture(Reply.json(decided)) : not(id, decided));
  }

  /** The journal is asked only now: while it cannot be read, a person's answer still counts. */
  private Future<Reply> not(String id, Decided decided) {
    return find(id)
        .map(
            found -> {
              throw ApiFailure.of(ProblemKind.REFUSED, decided.detail());
            });
  }

  /**
   * The id of an incident, as it is written here.
   *
   * @throws ApiFailure when it is none
   */
  static String id(String field, String given) {
    String id = lower(given);
    if (!UUID.matcher(id).matches()) {
      throw ApiFailure.field(field, "must be a UUID");
    }
    return id;
  }

  private static String lower(String id) {
    return id.toLowerCase(Locale.ROOT);
  }

  /** Why; it is kept with the incident. */
  record DecisionBody(@Nullable String reason) implements Body {
    @Override
    public void check(FieldCheck check) {
      check.needed("reason", reason, LONGEST_REASON);
    }
  }
}
