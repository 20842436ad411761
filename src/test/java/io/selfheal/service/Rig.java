package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.message.Event;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.CallError;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.PermitAnswer;
import io.selfheal.message.PermitRequests.Receipt;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.ServiceRequests.Force;
import io.selfheal.message.ServiceRequests.ForceDone;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.message.ServiceRequests.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A guard whose clocks are turned by hand. No jitter: a breaker waits exactly as configured. */
final class Rig {
  final List<Event> events = new ArrayList<>();
  long mark = 1_000_000_000L;
  long wall = Instant.parse("2026-03-10T12:00:00Z").toEpochMilli();
  Guard guard;
  private final ServicesConfig config;
  private final @Nullable Path file;
  private int run;
  private @Nullable StateFile open;

  Rig(String... lines) {
    this((Path) null, lines);
  }

  /** One that remembers. */
  Rig(@Nullable Path file, String... lines) {
    this.config = config(lines);
    this.file = file;
    this.guard = start();
  }

  static ServicesConfig config(String... lines) {
    try {
      StringBuilder yaml = new StringBuilder("services:");
      for (String line : lines) {
        boolean begins = line.startsWith("name:");
        yaml.append(begins ? "\n  - " : "\n    ").append(line);
      }
      Reading reading = new Reading("agent.yaml", yaml.toString(), Map.of());
      ServicesConfig config = ServicesConfig.from(reading.root());
      reading.finish();
      return config;
    } catch (BadConfiguration bad) {
      throw new IllegalArgumentException(bad.getMessage(), bad);
    }
  }

  Moment now() {
    return new Moment(mark, wall);
  }

  private Guard start() {
    run++;
    StateFile state = null;
    if (file != null) {
      try {
        state =
            StateFile.open(file, config.services().stream().map(ServiceConfig::name).toList(), wall)
                .file();
      } catch (IOException failure) {
        throw new IllegalStateException(failure);
      }
    }
    StateFile places = state;
    open = state;
    Guard made =
        new Guard(
            config,
            Allowances.WHOLE,
            run,
            () -> 0.5,
            events::add,
            name -> places == null ? Place.NOWHERE : places.of(name),
            now());
    if (places != null) {
      made.all().forEach(one -> places.of(one.config().name()).restore(one, now()));
    }
    return made;
  }

  /** The agent is gone, without a word, and another begins. */
  Rig restart() {
    if (open != null) {
      open.close();
    }
    // Marks of another process mean nothing here.
    mark = mark * 7 + 13;
    guard = start();
    return this;
  }

  Rig pass(Duration duration) {
    mark += duration.toNanos();
    wall += duration.toMillis();
    guard.tick(now());
    return this;
  }

  PermitAnswer ask(String service, long cost, long tokens, boolean retry) {
    return guard.ask(new AskPermit(service, cost, tokens, false, retry), now());
  }

  PermitAnswer ask() {
    return ask("a", 0, 0, false);
  }

  String permit() {
    return permit(0);
  }

  String permit(long cost) {
    return assertInstanceOf(Granted.class, ask("a", cost, 0, false)).permit();
  }

  Refused refused() {
    return assertInstanceOf(Refused.class, ask());
  }

  Receipt report(Report report) {
    return guard.report(List.of(report), now()).getFirst();
  }

  Receipt report(String permit, CallOutcome outcome) {
    return report(new Report(permit, outcome, Duration.ofMillis(100), OptionalLong.empty(), null));
  }

  Receipt settle(String permit, long cost) {
    return report(
        new Report(
            permit, CallOutcome.SUCCESS, Duration.ofMillis(100), OptionalLong.of(cost), null));
  }

  Receipt fail(String permit, int status, @Nullable Duration retryAfter) {
    CallError error = new CallError(null, OptionalInt.of(status), null, null, retryAfter);
    return report(
        new Report(permit, CallOutcome.FAILURE, Duration.ofMillis(5), OptionalLong.empty(), error));
  }

  /** Calls that fail, one after the other. */
  Rig failures(int count) {
    for (int i = 0; i < count; i++) {
      report(permit(), CallOutcome.FAILURE);
    }
    return this;
  }

  Rig successes(int count) {
    for (int i = 0; i < count; i++) {
      report(permit(), CallOutcome.SUCCESS);
    }
    return this;
  }

  ForceDone force(Hand hand, @Nullable Duration until) {
    Instant end = until == null ? null : Instant.ofEpochMilli(wall).plus(until);
    return (ForceDone) guard.force(new Force("a", hand, "because", "anna", end), now());
  }

  Service service() {
    return Guard.read(guard.named("a").orElseThrow(), now());
  }

  List<String> types() {
    return events.stream().map(Event::type).toList();
  }
}
