package io.selfheal.api;

import io.selfheal.bus.Bus;
import io.selfheal.message.DeadLetterRequests;
import io.selfheal.message.DeadLetterRequests.ListDeadLetters;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Jobs that are not tried again, newest first. */
final class DeadLetterRoutes {
  private static final Pattern CURSOR = Pattern.compile("[0-9]{1,18}");

  private final Bus bus;

  DeadLetterRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/dead-letters", Set.of("source", "limit", "cursor"), this::list));
  }

  private Future<Reply> list(Call call) {
    Query query = call.query();
    Optional<String> cursor = query.text("cursor");
    if (cursor.isPresent() && !CURSOR.matcher(cursor.get()).matches()) {
      throw ApiFailure.field("cursor", "must be the \"next\" of the page before");
    }
    ListDeadLetters question =
        new ListDeadLetters(
            query.text("source").orElse(null),
            cursor.map(Long::valueOf).orElse(null),
            query.limit());
    return bus.ask(DeadLetterRequests.LIST, question).map(Reply::json);
  }
}
