package io.selfheal.api;

import io.selfheal.bus.Bus;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.JournalRequests.ReadTrace;
import io.selfheal.message.Recorded;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The journal. What belongs to an incident or a job is found wherever it was written. Each event
 * goes out in the bytes in which it was recorded.
 */
final class EventRoutes {
  private static final Pattern PLACE = Pattern.compile("([0-9]{1,18}):([0-9]{1,18})");
  private static final Pattern TYPE = Pattern.compile("\\*|[a-z_]+(\\.[a-z_]+)*(\\.\\*)?");
  private static final String JOB = "job/";
  private static final int MOST_TYPES = 50;

  private final Bus bus;

  EventRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            "/api/v1/events",
            Set.of("since", "types", "subject", "ending", "incident", "limit"),
            this::events));
  }

  private Future<Reply> events(Call call) {
    Query query = call.query();
    Optional<String> incident = query.text("incident");
    Optional<String> job = query.text("subject").filter(subject -> subject.startsWith(JOB));
    if (query.text("since").isPresent() && incident.isPresent()) {
      throw ApiFailure.field(
          "since", "does not go with \"incident\": offsets are of one agent, and these of all");
    }
    if (query.text("ending").isPresent()
        && (job.isEmpty() || incident.isPresent() || query.text("since").isPresent())) {
      throw ApiFailure.field(
          "ending",
          "goes with a \"subject\" that begins with job/, and nothing but types and limit");
    }
    boolean trace = incident.isPresent() || (job.isPresent() && query.text("since").isEmpty());
    return (trace
            ? bus.ask(JournalRequests.TRACE, trace(query))
            : bus.ask(JournalRequests.EVENTS, question(query)))
        .map(EventRoutes::reply);
  }

  private static ReadTrace trace(Query query) {
    @Nullable String incident =
        query.text("incident").map(id -> IncidentRoutes.id("incident", id)).orElse(null);
    return new ReadTrace(
        incident,
        query.text("subject").orElse(null),
        query.text("ending").orElse(null),
        types(query),
        query.limit());
  }

  private static ReadEvents question(Query query) {
    Matcher since = PLACE.matcher(query.text("since").orElse("0:0"));
    if (!since.matches()) {
      throw ApiFailure.field("since", "must be EPOCH:OFFSET, as \"since\" of an answer before");
    }
    return new ReadEvents(
        Long.parseLong(since.group(1)),
        Long.parseLong(since.group(2)),
        types(query),
        query.text("subject").orElse(null),
        query.limit());
  }

  private static List<String> types(Query query) {
    List<String> types =
        query.text("types").map(text -> Arrays.asList(text.split(",", -1))).orElse(List.of());
    if (types.size() > MOST_TYPES
        || !types.stream().allMatch(type -> TYPE.matcher(type).matches())) {
      throw ApiFailure.field(
          "types", "must be at most " + MOST_TYPES + " types such as worker.lost,breaker.*");
    }
    return List.copyOf(types);
  }

  private static Reply reply(Events events) {
    Buffer body = Buffer.buffer("{\"events\":[");
    String separator = "";
    for (Recorded event : events.events()) {
      body.appendString(separator).appendBytes(event.json());
      separator = ",";
    }
    body.appendString("],\"since\":\"")
        .appendString(events.epoch() + ":" + events.last())
        .appendString("\",\"more\":" + events.more())
        .appendString(",\"recovered\":" + events.complete() + "}");
    return new Reply(Reply.JSON, body);
  }
}
