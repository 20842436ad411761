package io.selfheal.bench;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.job.JobSweeper;
import io.selfheal.job.JobsConfig;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests;
import io.selfheal.store.Database;
import io.selfheal.store.Databases;
import io.selfheal.store.Migrations;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.StoreConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The agent's sweeper of one source, as the agent deploys it; to its judge every holder is dead.
 */
final class SweepAgent implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final String SOURCE =
      """
      sources:
        - name: bench
          sweep_every: 1h
          max_per_minute: 1000000
      """;

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);

  /** One that counts no deaths: each would be a row more to write than the library writes. */
  SweepAgent(SweepShape shape, PostgresUrl url) throws BadConfiguration, TimeoutException {
    this(shape, url, 0);
  }

  SweepAgent(SweepShape shape, PostgresUrl url, int poisonAfter)
      throws BadConfiguration, TimeoutException {
    await(new Migrations(vertx).migrate(url));
    StringBuilder text = new StringBuilder(SOURCE);
    text.append("    poison_after: ").append(poisonAfter).append('\n');
    shape.source().lines().forEach(line -> text.append("    ").append(line).append('\n'));
    Reading reading = new Reading("agent.yaml", text.toString(), Map.of());
    JobsConfig config = JobsConfig.from(reading.root(), "here");
    reading.finish();
    Time time = new Time(InstantSource.system(), System::nanoTime);
    Database database = new Databases(vertx, StoreConfig.with(url), bus, time).open("bench", url);
    bus.answer(
        WorkerRequests.JUDGE,
        question ->
            Future.succeededFuture(
                new WorkerRequests.Verdicts(
                    question.holders().stream()
                        .map(holder -> Verdict.of(Ruling.DEAD, "gone"))
                        .toList())));
    JobSweeper sweeper = new JobSweeper(config, source -> database, database, bus, time);
    await(vertx.deployVerticle(sweeper, JobSweeper.deployment()));
  }

  /** Sweeps; the answer. */
  Future<Swept> begin() {
    return bus.ask(JobRequests.SWEEP, new JobRequests.Sweep(null, null, false, null), LONGEST);
  }

  Swept sweep() throws TimeoutException {
    return await(begin());
  }

  /** The index that it advises; empty when none is needed. */
  String advice() throws TimeoutException {
    JobRequests.Source source =
        await(bus.ask(JobRequests.SOURCES, new JobRequests.ListSources())).sources().getFirst();
    if (source.problem() != null) {
      throw new IllegalStateException(source.problem());
    }
    String advice = source.advice();
    return advice == null ? "" : advice;
  }

  static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(LONGEST.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() throws TimeoutException {
    await(vertx.close());
  }
}
