package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.Event;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JobRequests.Backlog;
import io.selfheal.message.JobRequests.ListStuck;
import io.selfheal.message.JobRequests.Source;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerEvent.End;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.selfheal.store.Database;
import io.selfheal.store.Databases;
import io.selfheal.store.Migrations;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.StoreConfig;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JobSweeper on a real PostgreSQL and a real bus, its ticks cranked by hand, its judge written by
 * hand: holders {@code here:1…99} are dead by a crash, {@code 100…199} alive, all others unknown.
 */
final class Rig implements AutoCloseable {
  static final String COLUMNS =
      "columns: {id: id, state: state, started: started, heartbeat: heartbeat, attempts: attempts,"
          + " holder: holder}";

  static final String STATES = "states: {ready: ready, running: running, failed: failed}";

  private static final long LONGEST_SECONDS = 60;

  final PostgresUrl url;
  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final Queue<Event> events = new ConcurrentLinkedQueue<>();
  final Queue<JudgeHolders> questions = new ConcurrentLinkedQueue<>();

  /** Answers for the judge; replace it to do something between look and rescue. */
  volatile Function<JudgeHolders, Future<Verdicts>> judge =
      question ->
          Future.succeededFuture(
              new Verdicts(question.holders().stream().map(Rig::verdict).toList()));

  /** The agent's host. */
  String host = "here";

  /** The agents' database; null: the source's. */
  @Nullable PostgresUrl own;

  private final Bus.Subscription judging;
  private final AtomicLong nanos = new AtomicLong();
  private final Databases databases;
  private @Nullable JobSweeper sweeper;
  private @Nullable String deployment;

  Rig() {
    this(TestPostgres.freshDatabase());
  }

  Rig(PostgresUrl url) {
    this.url = url;
    this.databases = new Databases(vertx, StoreConfig.with(url), bus, time());
    bus.onEvent(events::add);
    judging =
        bus.answer(
            WorkerRequests.JUDGE,
            question -> {
              questions.add(question);
              return judge.apply(question);
            });
  }

  /** From now on nobody judges. */
  void endJudge() {
    await(judging.cancel());
  }

  static Verdict verdict(Holder holder) {
    long pid = holder.pid().orElse(0);
    if (pid == 0 || pid >= 200) {
      return Verdict.of(Ruling.UNKNOWN, "nothing is known of " + holder.key());
    }
    return pid < 100
        ? Verdict.of(Ruling.DEAD, "no process " + pid).ended(End.CRASHED)
        : Verdict.of(Ruling.ALIVE, "process " + pid + " runs");
  }

  /** The usual table. */
  Rig table() {
    return sql(
        """
        CREATE TABLE jobs (
          id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL,
          started timestamptz, heartbeat timestamptz, attempts int NOT NULL DEFAULT 1, holder text)
        """);
  }

  /** Running jobs. */
  Rig running(int count, String started, String holder) {
    return sql(
        "INSERT INTO jobs (state, started, holder) SELECT 'running', "
            + started
            + ", '"
            + holder
            + "' FROM generate_series(1, "
            + count
            + ")");
  }

  /** Deploys with the usual table; {@code more} are further keys of the source. */
  Rig deploy(String... more) {
    return deployWith("table: public.jobs", COLUMNS, STATES, String.join("\n", more));
  }

  Rig deployWith(String... lines) {
    StringBuilder text = new StringBuilder("sources:\n  - name: images\n    sweep_every: 1h\n");
    String.join("\n", lines).lines().forEach(line -> text.append("    ").append(line).append('\n'));
    try {
      Reading reading = new Reading("agent.yaml", text.toString(), Map.of());
      JobsConfig config = JobsConfig.from(reading.root(), host);
      reading.finish();
      Database database = database();
      sweeper = new JobSweeper(config, source -> database, own(database), bus, time());
      deployment = await(vertx.deployVerticle(sweeper, JobSweeper.deployment()));
      await(sweeper.counted());
      return this;
    } catch (BadConfiguration wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  /** Ends what was deployed; what is deployed next knows nothing of it. */
  void undeploy() {
    String present = deployment;
    if (present != null) {
      deployment = null;
      await(vertx.undeploy(present));
    }
  }

  /** Closes all connections; what is deployed next opens its own. */
  void disconnect() {
    await(databases.close());
  }

  /** The source's. */
  Database database() {
    return databases.open("images", url);
  }

  /** Where deaths and dead letters are kept: the same database, or one that is set. */
  private Database own(Database same) {
    PostgresUrl other = own;
    return other == null ? same : databases.open("database", other);
  }

  /** Makes the agents' schema in the database. */
  Rig migrate() {
    await(new Migrations(vertx).migrate(url));
    return this;
  }

  Time time() {
    return new Time(() -> Instant.EPOCH.plusNanos(nanos.get()), nanos::get);
  }

  void pass(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  /** One look, and all its events. */
  Rig tick() {
    await(Objects.requireNonNull(sweeper).tick("images"));
    return settle();
  }

  /** One look into the catalog, and one count. */
  void count() {
    await(Objects.requireNonNull(sweeper).count("images"));
  }

  Swept sweep() {
    return sweep(new Sweep(null, null, false, "incident-1"));
  }

  /** Sweeps, with no problem; how many it rescued. */
  long sweepWhole() {
    Swept swept = sweep();
    assertTrue(swept.problems().isEmpty(), swept.problems().toString());
    return swept.rescued();
  }

  /** Nothing but rows that somebody else has locked kept a sweep from being whole. */
  static void assertWholeButForLocks(Swept swept) {
    boolean locks = swept.problems().keySet().stream().allMatch(swept::waitsForRows);
    assertTrue(locks, () -> "a sweep failed: " + swept.problems());
  }

  Swept dryRun() {
    return sweep(new Sweep("images", null, true, null));
  }

  Swept sweep(Sweep query) {
    Swept swept = await(bus.ask(JobRequests.SWEEP, query, Duration.ofSeconds(LONGEST_SECONDS)));
    settle();
    return swept;
  }

  JobRequests.Stuck stuck(int limit) {
    return await(bus.ask(JobRequests.STUCK, new ListStuck(null, limit)));
  }

  JobRequests.FoundJob find(String id) {
    return await(bus.ask(JobRequests.FIND, new JobRequests.FindJob(source().name(), id)));
  }

  Source source() {
    return await(bus.ask(JobRequests.SOURCES, new JobRequests.ListSources())).sources().getFirst();
  }

  /** How many jobs are ready, and whether it is known how long the oldest of them waits. */
  String ready() {
    Backlog backlog = Objects.requireNonNull(source().backlog());
    return backlog.ready() + (backlog.oldestWait() == null ? " since ever" : " since a time");
  }

  /** Events of one kind so far. */
  <E extends Event> List<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Waits until the events that were published so far have come. */
  Rig settle() {
    CountDownLatch come = new CountDownLatch(1);
    Event mark = new ComponentEvent.Changed("mark", Status.HEALTHY, "settled");
    Bus.Subscription subscription =
        bus.onEvent(
            event -> {
              if (event == mark) {
                come.countDown();
              }
            });
    bus.publish(mark);
    try {
      if (!come.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the mark did not come");
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    await(subscription.cancel());
    return this;
  }

  Rig sql(String statement) {
    TestPostgres.execute(url, statement);
    return this;
  }

  /** Runs each line by itself, as psql does. */
  Rig lines(String statements) {
    statements.lines().forEach(this::sql);
    return this;
  }

  /** The first column of all rows. */
  List<String> column(String query) {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    } catch (SQLException failure) {
      throw new IllegalStateException(query, failure);
    }
  }

  /** The first column of the first row. */
  String value(String query) {
    return column(query).getFirst();
  }

  /** Changes when anything in the table does, even a row that is written as it was. */
  String fingerprint() {
    return value(
        "SELECT md5(string_agg(j::text || j.xmin || j.ctid, ',' ORDER BY id)) FROM jobs j");
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  @Override
  public void close() {
    undeploy();
    await(vertx.close());
  }
}
