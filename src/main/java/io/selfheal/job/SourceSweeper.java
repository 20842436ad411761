package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.bus.RequestFailed;
import io.selfheal.bus.Time;
import io.selfheal.job.Layout.Reach;
import io.selfheal.message.JobRequests.Aside;
import io.selfheal.message.JobRequests.Backlog;
import io.selfheal.message.JobRequests.FoundJob;
import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.PutAside;
import io.selfheal.message.JobRequests.Source;
import io.selfheal.message.JobRequests.Sweep;
import io.selfheal.message.StuckJob;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one source, and the passes over it: looks, sweeps and counts. One look or sweep at a
 * time. Waits; every call is on a virtual thread of the verticle's context.
 */
final class SourceSweeper {
  private static final Logger LOG = LoggerFactory.getLogger(SourceSweeper.class);

  private final SourceConfig config;
  private final PgSource source;
  private final Bus bus;
  private final Time time;
  private final Runnable changed;
  private final Turns turns = new Turns();
  private final Lefts lefts;
  private final StuckNews news;
  private final Claims claims;
  private final Sparing<PgSource.Counts> counting;
  private final Sparing<Backlog> backlog;
  private final Braking braking;
  private final Quarantine quarantine;
  private final Refused refused;
  private final Locked locked;
  private final SweepBook book;
  private final Streams streams;
  private final Rows rows;

  private @Nullable Statements statements;
  private boolean known;

  /** Whether it has been fit to be swept in this run of the agent. */
  private boolean fitted;

  private @Nullable String problem;

  /** Why the last sweep failed; what a look can read is not yet what a sweep can change. */
  private @Nullable String unrescued;

  private boolean stopping;

  SourceSweeper(
      SourceConfig config,
      PgSource source,
      Quarantine quarantine,
      Bus bus,
      Time time,
      Runnable changed) {
    this.config = config;
    this.source = source;
    this.quarantine = quarantine;
    this.bus = bus;
    this.time = time;
    this.changed = changed;
    this.lefts = new Lefts(config.name());
    this.news = new StuckNews(config.name(), time);
    this.claims = new Claims(time);
    this.counting = new Sparing<>("count the jobs of " + config.name(), time);
    this.backlog = new Sparing<>("count the ready jobs of " + config.name(), time);
    this.braking = new Braking(config, time);
    this.refused = new Refused(time);
    this.locked = new Locked(time);
    this.book = new SweepBook(config.name(), bus, time);
    this.streams = new Streams(source, time);
    this.rows = new Rows(config);
  }

  SourceConfig config() {
    return config;
  }

  /** Whether it was tried at all. */
  boolean known() {
    return known;
  }

  /** Why it is not, or not wholly, swept; null when all is well. */
  @Nullable String problem() {
    return problem;
  }

  /** Whether its rescues are held back, and how many it may make. */
  Braking braking() {
    return braking;
  }

  /** The name of the breaker of its database. */
  String database() {
    return source.database();
  }

  /** Gets to know the claims that are there, judging nothing. */
  void acquaint() {
    if (!(config.reach() instanceof Reach.All)) {
      return;
    }
    turns.take(
        () -> {
          try {
            Pages pages = pages();
            while (pages.skim() && !claims.full() && !stopping) {}
          } catch (SourceFailed later) {
            LOG.debug("The claims of {} are not known yet", config.name(), later);
          }
          return null;
        });
  }

  /** For who has the turn. */
  private Pages pages() {
    return new Pages(config, source, ready(), claims, braking, quarantine, bus, true);
  }

  /** For who only wants to see. */
  private Pages onlookers() {
    return new Pages(config, source, ready(), claims, braking, quarantine, bus, false);
  }

  /**
   * Finds and judges until something is found that should be rescued, and says so.
   *
   * @param starting whether the agent still starts: that nobody judges yet is then no problem
   */
  void look(boolean starting) {
    braking.lookBegins();
    try {
      turns.take(
          () -> {
            lookNow(starting);
            return null;
          });
    } finally {
      braking.lookEnds();
    }
  }

  private void lookNow(boolean starting) {
    long mark = time.mark();
    Forms forms = new Forms(config.holding(), config.layout().holderAdvice());
    LookRun run =
        new LookRun(
            config.layout().hasHolder(), forms, lefts, news, braking, quarantine, refused, bus);
    String before = problem;
    try {
      Pages pages = pages();
      run.run(pages, () -> stopping);
      rows.times(pages.off());
      unrescued = run.found() ? unrescued : null;
      now(unrescued);
      rows.holders(forms);
    } catch (Exception failure) {
      if (starting && nobodyAnswers(failure)) {
        LOG.debug("A look over {} came before all parts run", config.name(), failure);
        return;
      }
      failed(failure);
    }
    String after = problem;
    if (after != null && !after.equals(before)) {
      book.failed(run, time.since(mark), after);
    }
  }

  private static boolean nobodyAnswers(Exception failure) {
    return failure.getCause() instanceof RequestFailed request
        && request.reason() == RequestFailed.Reason.NOBODY_ANSWERS;
  }

  /** Rescues, or says what it would do. A failure is in the answer's problem. */
  Answer sweep(Sweep query) {
    braking.sweepBegins();
    return turns.take(() -> sweepNow(query));
  }

  /**
   * What a sweep did.
   *
   * @param unfinished why it did not finish; null when it did
   */
  record Answer(
      long looked, long rescued, List<StuckJob> jobs, long more, @Nullable Unfinished unfinished) {}

  /** Why a sweep did not finish. */
  record Unfinished(Hindrance hindrance, String problem) {}

  private Answer sweepNow(Sweep query) {
    long mark = time.mark();
    SweepRun run;
    try {
      Statements made = ready();
      Changing changing = new Changing(streams, made, claims, braking, quarantine);
      SecondLook second = new SecondLook(source, made, locked);
      run = new SweepRun(config, changing, braking, quarantine, refused, second, bus, query);
    } catch (Exception failure) {
      return new Answer(0, 0, List.of(), 0, unfinished(failure));
    }
    Unfinished end;
    try {
      run.run(this::pages, () -> stopping);
      end = run.unfinished();
      unrescued = run.refused();
      now(unrescued);
    } catch (Exception failure) {
      end = unfinished(failure);
      unrescued = end.problem();
    }
    if (!query.dryRun()) {
      if (end == null || end.hindrance() != Hindrance.LOCKED) {
        news.swept();
      }
      String error = end == null ? null : end.problem();
      book.swept(run, time.since(mark), error, query.incidentId());
    }
    return new Answer(run.looked(), run.rescued(), run.told(), run.more(), end);
  }

  /** One that was fit before may be so again in a moment: a migration is under way. */
  private Unfinished unfinished(Exception failure) {
    Hindrance hindrance =
        switch (failure) {
          case SourceFailed known when known.isUnfit() && !fitted -> Hindrance.UNFIT;
          case SourceFailed known when known.isLocked() -> Hindrance.LOCKED;
          default -> Hindrance.AWAY;
        };
    return new Unfinished(hindrance, failed(failure));
  }

  /**
   * Puts one stuck job aside, or says why not.
   *
   * @throws SourceFailed when the source cannot be read or changed
   */
  Aside putAside(PutAside query) {
    return turns.take(
        () -> {
          Statements made = ready();
          Changing changing = new Changing(streams, made, claims, braking, quarantine);
          return new PuttingAside(config, changing, made.able(), braking, bus, time)
              .run(onlookers(), query);
        });
  }

  /**
   * What the next sweep would do, job by job.
   *
   * @throws SourceFailed when it cannot be read
   */
  List<StuckJob> stuck(int limit) {
    return new Onlooker(config.name(), onlookers(), this::held).stuck(limit);
  }

  /**
   * One running job, stuck or not.
   *
   * @throws SourceFailed when it cannot be read
   */
  FoundJob find(String id) {
    return new Onlooker(config.name(), onlookers(), this::held)
        .find(id, config.limits().stuckAfter());
  }

  private Judgement held(Judgement judgement) {
    return locked.told(refused.held(braking.held(judgement)));
  }

  /** Looks into the catalog anew, and counts the jobs unless that is too dear. */
  void count() {
    try {
      Statements fresh = probe();
      now(unrescued);
      counting.ask(() -> source.count(fresh));
      countReady(fresh.ready());
      quarantine.tend(this::onlookers);
    } catch (Exception failure) {
      counting.forget();
      backlog.forget();
      failed(failure);
    }
  }

  private void countReady(@Nullable String statement) {
    if (statement != null) {
      backlog.ask(
          () ->
              source
                  .ready(statement)
                  .map(ready -> new Backlog(ready.jobs(), ready.oldest(), time.now())));
    }
  }

  private Statements ready() {
    Statements made = statements;
    return made == null ? probe() : made;
  }

  private Statements probe() {
    Statements made =
        switch (Waiting.on(source.probe(), "look into the catalog")) {
          case Probed.Fit(Statements fit) -> fit;
          case Probed.Unfit(String why) -> throw SourceFailed.unfit(why);
        };
    fitted = true;
    rows.lacking(made.lacking());
    statements = made;
    return made;
  }

  private String failed(Exception failure) {
    String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    if (stopping) {
      LOG.debug("A pass over {} ended with the agent", config.name(), failure);
      return why;
    }
    if (!(failure instanceof SourceFailed)) {
      LOG.error("A pass over {} failed by a bug", config.name(), failure);
    }
    statements = null;
    now(why);
    return why;
  }

  private void now(@Nullable String found) {
    if (stopping || (known && Objects.equals(found, problem))) {
      return;
    }
    if (found != null) {
      LOG.warn("Source {} is not swept: {}", config.name(), found);
    } else if (problem != null) {
      LOG.info("Source {} is swept again", config.name());
    }
    known = true;
    problem = found;
    changed.run();
  }

  private @Nullable String held() {
    String why = braking.scope();
    return why == null ? rows.doubt() : why;
  }

  /** As it stands. */
  Source describe() {
    PgSource.Counts jobs = counting.answer();
    Statements made = statements;
    boolean rescues = config.layout().rescues();
    return new Source(
        config.name(),
        config.preset(),
        config.layout().table().toString(),
        jobs == null ? null : jobs.jobs(),
        jobs == null ? null : jobs.oldestRunning(),
        backlog.answer(),
        book.lastSweep(),
        book.lastSweepTook(),
        book.rescued(),
        made == null ? null : made.advice(),
        problem,
        rescues ? held() : null,
        rows.unproven(),
        made == null ? null : made.lacking(),
        !rescues);
  }

  /** No batch begins after this; done when the one that runs has ended. */
  Future<Void> stop() {
    stopping = true;
    return turns.idle();
  }
}
