package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.selfheal.bus.Bus;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.FindJob;
import io.selfheal.message.JobRequests.ListSources;
import io.selfheal.message.JobRequests.ListStuck;
import io.selfheal.message.JobRequests.Source;
import io.selfheal.message.JobRequests.Sources;
import io.selfheal.message.JobRequests.Sweep;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sources, stuck jobs, and a sweep by hand. */
final class JobRoutes {
  /** Below the idle limit of the connection, which would cut it before the answer. */
  private static final Duration SWEEP_LIMIT = Duration.ofSeconds(45);

  private static final int LONGEST_NAME = 200;

  private final Bus bus;

  JobRoutes(Bus bus) {
    this.bus = bus;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/jobs/sources", call -> sources().map(Reply::json)),
        Endpoint.get("/api/v1/jobs/stuck", Set.of("source", "limit"), this::stuck),
        Endpoint.get("/api/v1/jobs/find", Set.of("source", "id"), this::find),
        Endpoint.post("/api/v1/jobs/sweep", Access.CHANGE, this::sweep));
  }

  private Future<Sources> sources() {
    return bus.ask(JobRequests.SOURCES, new ListSources());
  }

  private Future<Reply> stuck(Call call) {
    @Nullable String source = call.query().text("source").orElse(null);
    ListStuck question = new ListStuck(source, call.query().limit());
    return existing(source)
        .compose(exists -> bus.ask(JobRequests.STUCK, question, SWEEP_LIMIT))
        .map(Reply::json);
  }

  private Future<Reply> find(Call call) {
    String source = needed(call, "source");
    FindJob question = new FindJob(source, needed(call, "id"));
    return existing(source)
        .compose(exists -> bus.ask(JobRequests.FIND, question, SWEEP_LIMIT))
        .map(Reply::json);
  }

  private static String needed(Call call, String name) {
    return call.query()
        .text(name)
        .orElseThrow(() -> ApiFailure.field(name, "is missing: which job of which source?"));
  }

  private Future<Reply> sweep(Call call) {
    SweepBody body = call.body(SweepBody.class);
    boolean dryRun = body.dryRun() != null && body.dryRun();
    Sweep sweep = new Sweep(body.source(), null, dryRun, null);
    return existing(body.source())
        .compose(exists -> bus.ask(JobRequests.SWEEP, sweep, SWEEP_LIMIT))
        .map(Reply::json);
  }

  /** Fails when a source is named that is not there. */
  private Future<Void> existing(@Nullable String name) {
    if (name == null) {
      return Future.succeededFuture();
    }
    return sources()
        .map(
            all -> {
              List<String> names = all.sources().stream().map(Source::name).sorted().toList();
              if (!names.contains(name)) {
                throw ApiFailure.field(
                    "source", "is not a configured source; configured are " + names);
              }
              return null;
            });
  }

  /** A sweep by hand; without a source, of all. */
  record SweepBody(@Nullable String source, @Nullable Boolean dryRun) implements Body {
    @Override
    public void check(FieldCheck check) {
      if (source != null) {
        check.needed("source", source, LONGEST_NAME);
      }
    }
  }
}
