package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.selfheal.bus.Bus;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Heartbeat;
import io.selfheal.message.WorkerRequests.HeartbeatAccepted;
import io.selfheal.message.WorkerRequests.ListWorkers;
import io.selfheal.message.WorkerRequests.Workers;
import io.vertx.core.Future;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Workers and their heartbeats. */
final class WorkerRoutes {
  /** The largest process id of Linux: PID_MAX_LIMIT on 64 bits. */
  private static final long LARGEST_PID = 1L << 22;

  private static final int MOST_JOBS = 1_000;
  private static final int LONGEST_JOB = 200;
  private static final int LONGEST_PROGRESS = 1_000;
  private static final Pattern ID = Pattern.compile("[a-z0-9_-]{1,64}");

  private final Bus bus;

  WorkerRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/workers", call -> workers().map(Reply::json)),
        Endpoint.get("/api/v1/workers/{id}", this::worker),
        Endpoint.post("/api/v1/workers/{id}/heartbeat", Access.WORKER, this::heartbeat));
  }

  private Future<Workers> workers() {
    return bus.ask(WorkerRequests.LIST, new ListWorkers());
  }

  private Future<Reply> worker(Call call) {
    String id = call.path("id");
    return workers()
        .map(
            all ->
                all.workers().stream()
                    .filter(worker -> worker.id().equals(id))
                    .findFirst()
                    .map(Reply::json)
                    .orElseThrow(
                        () ->
                            ApiFailure.of(
                                ProblemKind.NOT_FOUND,
                                "no worker has this id; GET /api/v1/workers lists all")));
  }

  private Future<Reply> heartbeat(Call call) {
    String id = call.path("id");
    if (!ID.matcher(id).matches()) {
      throw ApiFailure.field(
          "id",
          "must be a worker's name: 1 to 64 of a-z, 0-9, _ and -; its processes differ by pid");
    }
    HeartbeatBody body = call.body(HeartbeatBody.class);
    return bus.ask(WorkerRequests.HEARTBEAT, body.of(id)).map(WorkerRoutes::reply);
  }

  private static Reply reply(HeartbeatAccepted accepted) {
    if (!accepted.accepted()) {
      throw ApiFailure.of(
          ProblemKind.REFUSED, "the heartbeat does not count: " + accepted.problem());
    }
    return Reply.json(accepted);
  }

  /** What a worker tells. */
  record HeartbeatBody(
      @Nullable Long pid, @Nullable List<@Nullable String> jobs, @Nullable String progress)
      implements Body {
    @Override
    public void check(FieldCheck check) {
      check.range("pid", pid, 1, LARGEST_PID);
      check.atMost("progress", progress, LONGEST_PROGRESS);
      if (jobs == null) {
        return;
      }
      if (jobs.size() > MOST_JOBS) {
        check.wrong("jobs", "has " + jobs.size() + " entries, allowed are " + MOST_JOBS);
        return;
      }
      for (int i = 0; i < jobs.size(); i++) {
        check.needed("jobs[" + i + "]", jobs.get(i), LONGEST_JOB);
      }
    }

    Heartbeat of(String worker) {
      List<String> named = jobs == null ? List.of() : jobs.stream().map(String::valueOf).toList();
      OptionalLong process = pid == null ? OptionalLong.empty() : OptionalLong.of(pid);
      return new Heartbeat(worker, process, named, progress);
    }
  }
}
