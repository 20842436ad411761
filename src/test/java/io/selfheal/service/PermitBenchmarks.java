package io.selfheal.service;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.selfheal.bus.Time;
import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.Receipt;
import io.selfheal.message.PermitRequests.Report;
import io.selfheal.message.PermitRequests.Uncounted;
import io.selfheal.message.ServiceRequests.Hand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A permit and its report of success, clocks and all, beside Resilience4j's acquire and success.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PermitBenchmarks {
  private static final long TOOK = 3_000_000;
  private static final Duration TOOK_DURATION = Duration.ofNanos(TOOK);

  private final Clock clock = new Clock(new Time(InstantSource.system(), System::nanoTime));
  private Path directory;
  private StateFile file;
  private Guarded plain;
  private Guarded full;
  private Guarded open;
  private Guard guard;
  private CircuitBreaker counting;
  private CircuitBreaker timed;

  /** Makes the services. */
  @Setup
  public void make() throws IOException {
    directory = Files.createTempDirectory("permits");
    ServicesConfig config =
        Rig.config(
            "name: plain",
            "name: full",
            "limits: {rate: 1000000000/s, tokens: 1000000000/s, concurrent: 1000}",
            "budget: {amount: 1000000000, per: month}",
            "name: open");
    Moment now = clock.now();
    file =
        StateFile.open(
                directory.resolve("services.state"), List.of("plain", "full", "open"), now.wall())
            .file();
    guard = new Guard(config, Allowances.WHOLE, 7, () -> 0.5, event -> {}, file::of, now);
    plain = guard.all().get(0);
    full = guard.all().get(1);
    open = guard.all().get(2);
    open.force(Hand.FORCED_OPEN, "a test", "anna", null, now);
    counting = CircuitBreaker.of("counting", config(SlidingWindowType.COUNT_BASED, 100));
    timed = CircuitBreaker.of("timed", config(SlidingWindowType.TIME_BASED, 60));
  }

  private static CircuitBreakerConfig config(SlidingWindowType type, int size) {
    return CircuitBreakerConfig.custom().slidingWindowType(type).slidingWindowSize(size).build();
  }

  /** Takes them away. */
  @TearDown
  public void clear() throws IOException {
    file.close();
    Files.deleteIfExists(directory.resolve("services.state"));
    Files.deleteIfExists(directory);
  }

  private Uncounted pair(Guarded service, long cost) {
    long key = service.ask(cost, cost, false, false, clock.now());
    return service.report(key, CallOutcome.SUCCESS, TOOK, cost, null, clock.now());
  }

  /** A breaker alone, as Resilience4j's is. */
  @Benchmark
  public Uncounted breaker() {
    return pair(plain, 0);
  }

  /** With limits and a budget, each change of which is in the file when it is answered. */
  @Benchmark
  public Uncounted breakerLimitsAndBudgetThatLast() {
    return pair(full, 10);
  }

  /** The same as messages, with the permit as a word. */
  @Benchmark
  public List<Receipt> breakerAsMessages() {
    Granted granted = (Granted) guard.ask(new AskPermit("plain", 0, 0, false, false), clock.now());
    return guard.report(
        List.of(
            new Report(
                granted.permit(), CallOutcome.SUCCESS, TOOK_DURATION, OptionalLong.empty(), null)),
        clock.now());
  }

  /** A refusal, of which there are many while a breaker is open. */
  @Benchmark
  public long refusal() {
    return open.ask(0, 0, false, false, clock.now());
  }

  /** Its window is of the last 100 calls. */
  @Benchmark
  public void resilience4jCounting() {
    counting.acquirePermission();
    counting.onSuccess(TOOK, TimeUnit.NANOSECONDS);
  }

  /** Its window is of the last 60 seconds. */
  @Benchmark
  public void resilience4jTimed() {
    timed.acquirePermission();
    timed.onSuccess(TOOK, TimeUnit.NANOSECONDS);
  }
}
