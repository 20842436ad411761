package io.selfheal.worker;

import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.store.DatabaseUnavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what this agent sees of the workers here, and reads what other agents see of theirs. On
 * the verticle's context.
 */
final class Sharing {
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Deaths that come together are told together. */
  private static final Duration GATHER = Duration.ofMillis(50);

  private static final Logger LOG = LoggerFactory.getLogger(Sharing.class);
  private static final Duration TIDY_EVERY = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Tools tools;
  private final Mentions mentions;
  private final Problems problems;
  private final Notes notes;
  private final String home;
  private final Place place;
  private final @Nullable PgViews shared;
  private final Ticker ticker;
  private Future<Void> running = Future.succeededFuture();
  private Views views;
  private Boots boots = Boots.NONE;
  private @Nullable Place told;
  private @Nullable Long tidied;
  private boolean hastening;
  private boolean withdrawn;

  /**
   * @param shared null when there is nobody to share with
   */
  Sharing(
      Tools tools,
      Roster roster,
      Problems problems,
      Notes notes,
      String home,
      @Nullable PgViews shared) {
    this.tools = tools;
    this.mentions = new Mentions(tools, roster);
    this.problems = problems;
    this.notes = notes;
    this.home = home;
    this.place = tools.proc().place();
    this.shared = shared;
    this.views = shared == null ? Views.none(place) : Views.waiting(place, tools.time().mark());
    this.ticker = new Ticker(tools.vertx(), "worker views", INTERVAL, this::share);
  }

  /** What the others saw when they were read last, and what was learned of them before. */
  Views views() {
    return views;
  }

  /**
   * Starts with a first round; does not wait long for a database that is slow: until it was read,
   * holders that others may know of are not judged dead.
   */
  Future<Void> start() {
    if (shared == null) {
      return Future.succeededFuture();
    }
    return boots().compose(done -> begin());
  }

  private Future<Void> begin() {
    ticker.start();
    return share().timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  /** Before the first reading: what is of an earlier boot of this machine is not of another one. */
  private Future<Void> boots() {
    return tools
        .blocking(() -> Boots.remember(notes, place.bootId()))
        .onSuccess(remembered -> boots = remembered)
        .<Void>mapEmpty()
        .recover(
            failure -> {
              problems.set(
                  "boots",
                  "which boots of this machine are over cannot be kept in mind, and views from"
                      + " before its next boot will be taken for another machine's: "
                      + failure.getMessage());
              return Future.succeededFuture();
            });
  }

  /** A process ended: the others are to know it soon. */
  void hasten() {
    if (hastening) {
      return;
    }
    hastening = true;
    tools
        .vertx()
        .setTimer(
            GATHER.toMillis(),
            timer -> {
              hastening = false;
              ticker.hasten();
            });
  }

  /** Publishes and reads, after the round that runs, if one does. Never fails. */
  Future<Void> share() {
    PgViews board = shared;
    if (board == null) {
      return Future.succeededFuture();
    }
    running =
        running
            .compose(before -> withdrawn ? Future.succeededFuture() : publish(board))
            .eventually(() -> tidy(board))
            .eventually(() -> read(board))
            .onSuccess(done -> problems.set("views", ""))
            .recover(this::failed);
    return running;
  }

  private Future<Void> publish(PgViews board) {
    return board.publish(place, home, mentions::look);
  }

  private Future<Void> read(PgViews board) {
    return board
        .read(views, tools.time().mark())
        .onSuccess(
            read -> {
              views = read.after(views);
              views.recall().twin().ifPresent(this::tell);
            })
        .mapEmpty();
  }

  /** Once for each place. */
  private void tell(View twin) {
    if (twin.place().equals(told)) {
      return;
    }
    told = twin.place();
    LOG.warn(
        "The host of agent {} is another one and has this host's name, {}. A row that names it may"
            + " mean either: its job is rescued at once only when this agent saw the worker end,"
            + " and else after its stuck_after. Give each host a name of its own.",
        twin.agent(),
        place.host());
  }

  private Future<Void> tidy(PgViews board) {
    Time time = tools.time();
    Long before = tidied;
    if (before != null && time.since(before).compareTo(TIDY_EVERY) < 0) {
      return Future.succeededFuture();
    }
    return board
        .tidy(place, home, boots.over(place.bootId()))
        .onSuccess(done -> tidied = time.mark());
  }

  private Future<Void> failed(Throwable failure) {
    if (failure instanceof DatabaseUnavailable) {
      // The store says so, once; what was read grows old by itself.
      LOG.debug("No view is shared: {}", failure.getMessage());
      return Future.succeededFuture();
    }
    problems.set(
        "views",
        "what this agent sees of workers is not shared with other agents, and jobs held on other"
            + " hosts wait for their stuck_after: "
            + failure.getMessage());
    return Future.succeededFuture();
  }

  /** No more of this agent's view from now on: nobody looks any longer. */
  Future<Void> withdraw() {
    ticker.stop();
    withdrawn = true;
    PgViews board = shared;
    return board == null
        ? Future.succeededFuture()
        : running
            .compose(done -> board.withdraw())
            .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .otherwiseEmpty();
  }
}
