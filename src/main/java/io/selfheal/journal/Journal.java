package io.selfheal.journal;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.journal.Batch.Save;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.Event;
import io.selfheal.message.JournalEvent;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Recall;
import io.selfheal.message.JournalRequests.Recalled;
import io.selfheal.message.JournalRequests.Remember;
import io.selfheal.message.JournalRequests.SaveIncident;
import io.selfheal.message.JournalRequests.Saved;
import io.selfheal.message.Recorded;
import io.selfheal.message.Topics;
import io.selfheal.store.Database;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every event its place, publishes it, and keeps it: in the spool within a second, in
 * PostgreSQL when that can be had. An event is published before it is on disk, so a crash of the
 * machine may lose the last second; what is saved by request is on disk when the reply comes.
 */
public final class Journal extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** For samples; a fact is written at once. */
  private static final Duration WRITE_EVERY = Duration.ofSeconds(1);

  private static final Duration REPLAY_EVERY = Duration.ofSeconds(1);
  private static final Duration RECLAIM_EVERY = Duration.ofSeconds(10);
  private static final Duration MAINTAIN_EVERY = Duration.ofMinutes(10);
  private static final Duration AWAY = Duration.ofSeconds(1);
  private static final long TAIL_BYTES = 16L << 20;

  private final JournalConfig config;
  private final Path file;
  private final String agentName;
  private final Archive archive;
  private final Bus bus;
  private final Time time;
  private final Encoder encoder;
  private final Tail tail = new Tail(TAIL_BYTES);
  private final List<Bus.Subscription> subscriptions = new ArrayList<>();
  private final List<Ticker> tickers = new ArrayList<>();

  private @Nullable Parts parts;
  private Condition condition = Condition.WELL;
  private Spool.State state = new Spool.State(0, 0, 0, 0, 0, 0);
  private boolean caughtUp;
  private @Nullable Long awaySince;
  private @Nullable Long oldestArchived;

  /**
   * @param file the spool; made when it is not there
   * @param agentName under which events and incidents are kept in PostgreSQL
   * @param database the agent's own; it may be away
   */
  public Journal(
      JournalConfig config, Path file, String agentName, Database database, Bus bus, Time time) {
    this(config, file, agentName, new PgArchive(database, agentName, config.retain()), bus, time);
  }

  Journal(JournalConfig config, Path file, String agentName, Archive archive, Bus bus, Time time) {
    this.config = config;
    this.file = file;
    this.agentName = agentName;
    this.archive = archive;
    this.bus = bus;
    this.time = time;
    encoder = new Encoder(time);
  }

  private record Parts(
      WorkerExecutor thread,
      Disk disk,
      Writer writer,
      Replay replay,
      Reader reader,
      Ticker write,
      Ticker send) {}

  @Override
  public Future<?> start() {
    WorkerExecutor thread = vertx.createSharedWorkerExecutor("journal-" + agentName + file, 1);
    Disk disk = new Disk(thread, file, config.spoolBytes(), time);
    return Opening.open(disk, time)
        .onSuccess(opening -> begin(thread, disk, opening))
        .onFailure(failure -> thread.close());
  }

  private void begin(WorkerExecutor thread, Disk disk, Opening opening) {
    Writer writer = new Writer(disk, tail, opening.sequence(), time, this::onWritten);
    Replay replay = new Replay(disk, tail, writer, archive, this::onReplayed);
    Reader reader = new Reader(disk, tail, writer, archive);
    Ticker write = new Ticker(vertx, "journal's write", WRITE_EVERY, this::write);
    Ticker send = new Ticker(vertx, "journal's replay", REPLAY_EVERY, this::replay);
    parts = new Parts(thread, disk, writer, replay, reader, write, send);
    tickers.add(write.start());
    tickers.add(send.start());
    tick("journal's reclaim", RECLAIM_EVERY, this::reclaim);
    tick("journal's maintenance", MAINTAIN_EVERY, this::maintain).hasten();
    subscriptions.add(bus.onEvent(this::record));
    answer(reader);
    Tracer tracer = new Tracer(disk, tail, writer, archive);
    subscriptions.add(bus.answer(JournalRequests.TRACE, tracer::trace));
    announce(opening);
  }

  private Ticker tick(String name, Duration every, Supplier<Future<?>> body) {
    Ticker ticker = new Ticker(vertx, name, every, body).start();
    tickers.add(ticker);
    return ticker;
  }

  private void answer(Reader reader) {
    subscriptions.add(bus.answer(JournalRequests.SAVE_INCIDENT, this::save));
    subscriptions.add(bus.answer(JournalRequests.REMEMBER, this::remember));
    subscriptions.add(bus.answer(JournalRequests.RECALL, this::recall));
    subscriptions.add(bus.answer(JournalRequests.INCIDENTS, reader::incidents));
    subscriptions.add(bus.answer(JournalRequests.INCIDENT, reader::incident));
    subscriptions.add(bus.answer(JournalRequests.EVENTS, reader::events));
    subscriptions.add(bus.answer(JournalRequests.STATUS, query -> status()));
  }

  private void announce(Opening opening) {
    Sequence sequence = opening.sequence();
    LOG.info(
        "The journal is open: the next event is number {} of epoch {}",
        sequence.newest() + 1,
        sequence.epoch());
    if (opening.unusable() != null) {
      condition = condition.withSpool(opening.unusable().getMessage());
      speak();
      return;
    }
    if (opening.trouble() != null) {
      bus.publish(new JournalEvent.Degraded(opening.trouble(), 0, 0));
    }
    String detail = opening.trouble() == null ? "the spool is open: " + file : opening.trouble();
    bus.publish(new ComponentEvent.Changed(Condition.COMPONENT, Status.HEALTHY, detail));
  }

  private void record(Event event) {
    Writer writer = parts().writer;
    Sequence place = writer.sequence();
    if (!place.has(event.sample())) {
      unrecorded(event);
      return;
    }
    Recorded recorded = encoder.encode(place.epoch(), place.newest() + 1, event);
    writer.advance(place.next());
    tail.add(recorded);
    caughtUp = false;
    bus.publish(Topics.RECORDED, recorded);
    if (!event.sample() || tail.size() >= Writer.MOST) {
      parts().write.hasten();
    }
  }

  private void unrecorded(Event event) {
    condition = condition.dropped(event.sample() ? 1 : 0, event.sample() ? 0 : 1);
    if (!event.sample()) {
      LOG.error("The disk has failed for so long that {} gets no place", event);
    }
  }

  private Future<Saved> save(SaveIncident query) {
    return durably(new Save.OneIncident(query.incident()));
  }

  private Future<Saved> remember(Remember query) {
    return durably(new Save.Fact(query.key(), query.value()));
  }

  private Future<Saved> durably(Save save) {
    Future<Void> saved = parts().writer.save(save);
    parts().write.hasten();
    return saved.map(done -> new Saved());
  }

  private Future<Recalled> recall(Recall query) {
    return parts()
        .disk
        .run(spool -> spool.keepsakes().recall(query.key()))
        .map(value -> new Recalled(value.orElse(null)));
  }

  private Future<JournalRequests.Status> status() {
    Sequence sequence = parts().writer.sequence();
    long held = state.oldest() > 0 ? state.oldest() : tail.oldest();
    Long archived = condition.database() == null ? oldestArchived : null;
    return Future.succeededFuture(
        new JournalRequests.Status(
            sequence.epoch(),
            sequence.newest(),
            archived == null ? held : Math.min(held, archived),
            waiting(),
            condition.droppedSamples(),
            state.bytes(),
            condition.problem()));
  }

  private long waiting() {
    return state.waiting() + tail.size();
  }

  /** Where its state lives; ticks are cranked here. */
  Context owner() {
    return context;
  }

  /** Writes to the spool what came since the last time. */
  Future<?> write() {
    return parts().writer.write();
  }

  /** Brings one batch to PostgreSQL. */
  Future<?> replay() {
    boolean soon = awaySince != null && time.since(awaySince).compareTo(AWAY) < 0;
    return soon ? Future.succeededFuture() : parts().replay.step();
  }

  /** Makes room in the spool's file. */
  Future<?> reclaim() {
    return parts()
        .disk
        .run(
            spool -> {
              spool.reclaim();
              return spool.state();
            })
        .onSuccess(now -> state = now)
        .otherwiseEmpty();
  }

  /** Makes room in PostgreSQL. */
  Future<?> maintain() {
    return archive
        .maintain(time.now())
        .compose(done -> archive.oldest(parts().writer.sequence().epoch()))
        .onSuccess(oldest -> oldestArchived = oldest.orElse(null))
        .onFailure(away -> LOG.debug("The journal's days in PostgreSQL are tended later", away))
        .otherwiseEmpty();
  }

  private void onWritten(Writer.Outcome outcome) {
    condition = condition.dropped(outcome.dropped().samples(), outcome.dropped().facts());
    if (outcome.state() != null) {
      state = outcome.state();
    }
    Throwable problem = outcome.problem();
    condition = condition.withSpool(problem == null ? null : problem.getMessage());
    speak();
    if (tail.size() >= Writer.MOST && problem == null) {
      parts().write.hasten();
    }
  }

  private void onReplayed(Replay.Result result) {
    Throwable problem = result.problem();
    if (result.asked()) {
      condition =
          condition.withDatabase(problem == null ? null : String.valueOf(problem.getMessage()));
      awaySince = problem == null ? null : time.mark();
    }
    condition = condition.replayed(result.written());
    caughtUp = result.caughtUp();
    if (result.more()) {
      parts().send.hasten();
    }
    speak();
  }

  private void speak() {
    Condition.Spoken spoken = condition.speak(waiting(), caughtUp, time.now());
    condition = spoken.condition();
    spoken.events().forEach(bus::publish);
  }

  private Parts parts() {
    return Objects.requireNonNull(parts);
  }

  @Override
  public Future<?> stop() {
    tickers.forEach(Ticker::stop);
    Parts now = parts;
    if (now == null) {
      return Future.succeededFuture();
    }
    return Future.join(subscriptions.stream().map(Bus.Subscription::cancel).toList())
        .transform(done -> now.writer.finish())
        .compose(done -> now.disk.close())
        .eventually(() -> now.thread.close());
  }
}
