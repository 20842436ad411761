package io.selfheal.api;

import io.selfheal.bus.Bus;
import io.selfheal.message.Incident;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.FindIncident;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Incidents, newest first, each with everything that explains it. */
final class IncidentRoutes {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final Bus bus;

  IncidentRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/incidents", Set.of("open", "limit", "cursor"), this::list),
        Endpoint.get("/api/v1/incidents/{id}", this::one));
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
    return bus.ask(JournalRequests.INCIDENT, new FindIncident(id))
        .map(
            found -> {
              @Nullable Incident incident = found.incident();
              if (incident == null) {
                throw ApiFailure.of(ProblemKind.NOT_FOUND, "no incident has the id " + id);
              }
              return Reply.json(incident);
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
}
