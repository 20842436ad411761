package io.selfheal.api;

import io.selfheal.api.Gate.Access;
import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.HealRequests;
import io.selfheal.message.HealRequests.Pause;
import io.selfheal.message.HealRequests.ReadSwitch;
import io.selfheal.message.HealRequests.Resume;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The one switch over all remedies. */
final class HealingRoutes {
  private static final int LONGEST_REASON = 1_000;

  private final Bus bus;
  private final Time time;

  HealingRoutes(Bus bus, Time time) {
    this.bus = bus;
    this.time = time;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(
            "/api/v1/healing",
            call -> bus.ask(HealRequests.SWITCH, new ReadSwitch()).map(Reply::json)),
        Endpoint.post("/api/v1/healing/pause", Access.CHANGE, this::pause),
        Endpoint.post("/api/v1/healing/resume", Access.CHANGE, this::resume));
  }

  private Future<Reply> pause(Call call) {
    PauseBody body = call.body(PauseBody.class);
    FieldCheck check = new FieldCheck();
    @Nullable Instant until = check.future("until", body.until(), time.now());
    check.finish();
    Pause pause = new Pause(Objects.requireNonNull(body.reason()), until);
    return bus.ask(HealRequests.PAUSE, pause).map(Reply::json);
  }

  private Future<Reply> resume(Call call) {
    ResumeBody body = call.body(ResumeBody.class);
    Resume resume = new Resume(Objects.requireNonNull(body.reason()));
    return bus.ask(HealRequests.RESUME, resume).map(Reply::json);
  }

  /** Why, and until when; without {@code until}, until resumed. */
  record PauseBody(@Nullable String reason, @Nullable String until) implements Body {
    @Override
    public void check(FieldCheck check) {
      check.needed("reason", reason, LONGEST_REASON);
    }
  }

  /** Why. */
  record ResumeBody(@Nullable String reason) implements Body {
    @Override
    public void check(FieldCheck check) {
      check.needed("reason", reason, LONGEST_REASON);
    }
  }
}
