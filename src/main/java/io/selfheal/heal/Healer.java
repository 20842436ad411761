package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Ids;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.heal.StormCheck.Storm;
import io.selfheal.message.AgentEvent;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.Event;
import io.selfheal.message.HealRequests;
import io.selfheal.message.HealRequests.Decide;
import io.selfheal.message.HealRequests.Decided;
import io.selfheal.message.Incident;
import io.selfheal.message.JobEvent;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.RuleBook;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns symptoms into incidents and sees each to its end. Every remedy is on disk as an intent
 * before it is done, so that another run of the agent can finish it, once. Deploy it before
 * whatever publishes symptoms, and after the journal.
 *
 * <p>Component {@code healing}: degraded while an incident cannot be written, the journal cannot be
 * read, or healing is paused.
 */
public final class Healer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Healer.class);
  private static final Duration TICK = Duration.ofMillis(200);
  private static final int MOST_EARLY = 10_000;
  private static final String DATABASE = "database";

  private final HealConfig config;
  private final RuleBook book;
  private final String agent;
  private final Bus bus;
  private final Time time;
  private final HostClaims claims;
  private final Ids ids;
  private final Switchboard switchboard;

  private final ClockKeeper clock;
  private final Gatekeeper keeper;
  private final Cases cases = new Cases();
  private final Deque<Event> early = new ArrayDeque<>();
  private final List<Bus.Subscription> subscriptions = new ArrayList<>();
  private boolean loaded;
  private boolean loading;
  private @Nullable String unread;
  private ComponentEvent.@Nullable Changed said;
  private @Nullable Ticker ticker;
  private boolean stopped;

  /**
   * @param agentName incidents carry it, and only those that do are taken up again
   * @param boot names this start of the machine; empty when that is not known. Over one the forward
   *     clock of {@code time} goes on, also for another run of the agent
   * @param claims closed at the stop
   */
  public Healer(
      HealConfig config,
      RuleBook book,
      String agentName,
      String boot,
      HostClaims claims,
      Bus bus,
      Time time) {
    this.config = config;
    this.book = book;
    this.agent = agentName;
    this.bus = bus;
    this.time = time;
    this.ids = new Ids(time);
    this.claims = claims;
    this.clock = new ClockKeeper(boot, bus);
    this.keeper = new Gatekeeper(book, claims, bus, time);
    this.switchboard = new Switchboard(bus, time, this::everyCase);
  }

  @Override
  public Future<?> start() {
    subscriptions.add(bus.onEvent(this::onEvent));
    subscriptions.add(bus.answer(HealRequests.PAUSE, switchboard::pause));
    subscriptions.add(bus.answer(HealRequests.RESUME, switchboard::resume));
    subscriptions.add(
        bus.answer(HealRequests.SWITCH, query -> Future.succeededFuture(switchboard.now())));
    subscriptions.add(bus.answer(HealRequests.DECIDE, this::decide));
    ticker = new Ticker(vertx, "healing", TICK, this::turn).start();
    Rehearsal.run(world());
    load();
    return Future.succeededFuture();
  }

  private void onEvent(Event event) {
    if (event instanceof AgentEvent.Stopping) {
      rest();
    }
    keeper.hear(event);
    boolean ours =
        switch (event) {
          case WorkerEvent.Sampled sampled -> false;
          case WorkerEvent worker -> true;
          case JobEvent.Stuck stuck -> true;
          case SymptomEvent symptom -> true;
          case BreakerEvent.Closed closed -> closed.service().equals(DATABASE);
          default -> false;
        };
    if (!ours || stopped) {
      return;
    }
    if (loaded) {
      take(event);
      return;
    }
    early.addLast(event);
    if (early.size() > MOST_EARLY) {
      LOG.warn("Gave up {}: too much happens before the journal answers", early.removeFirst());
    }
  }

  private void take(Event event) {
    if (event instanceof BreakerEvent) {
      cases.all().forEach(one -> react(one.incident().id(), new Input.DatabaseBack()));
      return;
    }
    cases
        .concernedBy(event)
        .ifPresentOrElse(
            one -> {
              tellAgain(event, one.incident().id());
              react(one.incident().id(), new Input.Seen(event));
            },
            () -> BuiltIns.match(event).ifPresent(this::open));
  }

  /** What opens an incident is told with it; a worker that fails again meanwhile, here. */
  private static void tellAgain(Event event, String id) {
    if (event instanceof WorkerEvent) {
      BuiltIns.match(event)
          .ifPresent(match -> LOG.warn("Again: {} (incident {})", match.summary(), Words.tail(id)));
    }
  }

  private void open(Match match) {
    List<Moment> restarts = cases.restarts(match.cause());
    carryOut(IncidentPlan.open(match, ids.next(), agent, restarts, world()));
    seeStorm();
  }

  /** Many that fell sick at once have one incident that tells of it, and are linked to it. */
  private void seeStorm() {
    Optional<Storm> storm = keeper.storm();
    boolean struck = storm.isPresent() && cases.all().stream().anyMatch(storm.get()::struck);
    if (!struck) {
      return;
    }
    String told = keeper.told(storm.get(), cases.all());
    if (keeper.stormIncident().isEmpty()) {
      Match match = Storms.match(told, storm.get().subjects().size());
      carryOut(IncidentPlan.open(match, ids.next(), agent, List.of(), world()));
    }
    keeper.stormIncident().ifPresent(id -> link(id, told, storm.get()));
  }

  private void link(String id, String told, Storm storm) {
    react(id, new Input.Retold(told));
    String why = "One of many that fell sick at once: incident " + Words.tail(id);
    for (Case one : cases.all()) {
      if (storm.struck(one) && !one.over() && one.incident().causedBy() == null) {
        react(one.incident().id(), new Input.Caused(id, why));
      }
    }
  }

  private Future<Decided> decide(Decide query) {
    Case one = cases.get(query.id());
    if (one == null || one.incident().state() != Incident.State.WAITING) {
      String why = one == null ? "it is not open" : "no remedy of it waits for approval";
      return Future.succeededFuture(new Decided(false, why));
    }
    String answer = query.approve() ? "approved" : "rejected";
    LOG.info("{} by a person: {} (incident {})", answer, query.reason(), Words.tail(query.id()));
    react(query.id(), new Input.Decided(query.approve(), query.reason()));
    return Future.succeededFuture(
        new Decided(true, query.approve() ? "approved" : "rejected: a person has it"));
  }

  private void react(String id, Input input) {
    Case before = cases.get(id);
    if (before == null || stopped) {
      return;
    }
    carryOut(IncidentPlan.react(before, input, world()));
  }

  private World world() {
    Moment now = Moment.of(time);
    clock.look(now);
    return new World(config, switchboard.now(), book.now(), keeper.gate(cases::all), now);
  }

  private void carryOut(Move move) {
    String id = move.next().incident().id();
    tellUnwritten(cases.get(id), move.next());
    keeper.after(cases.get(id), move);
    cases.put(move.next(), Moment.of(time));
    move.effects().forEach(effect -> Deeds.carryOut(bus, effect, input -> react(id, input)));
    tellCause(move.next().incident());
    sayHealth();
  }

  /** What it was a consequence of hears how it ended. */
  private void tellCause(Incident one) {
    if (one.causedBy() != null && one.state().over()) {
      react(one.causedBy(), new Input.ConsequenceOver(one));
    }
  }

  /** Once for each problem: the write is tried again and again. */
  private static void tellUnwritten(@Nullable Case before, Case next) {
    String problem = next.disk().problem();
    boolean told = before != null && Objects.equals(problem, before.disk().problem());
    if (problem != null && !told) {
      LOG.warn(
          "{}: no further remedy starts until its incident {} can be written: {}",
          Words.subject(next.incident().subject()),
          next.incident().id(),
          problem);
    }
  }

  /** Lets everything that is due happen now. */
  Future<Void> tick() {
    return Future.future(done -> context.runOnContext(nothing -> turn().onComplete(done)));
  }

  private Future<Void> turn() {
    if (!loaded) {
      load();
    }
    switchboard.expire();
    keeper.tick(cases.all());
    seeStorm();
    everyCase();
    return Future.succeededFuture();
  }

  private void everyCase() {
    for (Case one : cases.all()) {
      try {
        react(one.incident().id(), new Input.Ticked());
      } catch (RuntimeException failure) {
        LOG.error("Incident {} cannot go on", one.incident().id(), failure);
      }
    }
    sayHealth();
  }

  private void load() {
    if (loading || stopped) {
      return;
    }
    loading = true;
    Past.read(bus, agent, left -> left.reaching(Recalled.reach(book.now()), Moment.of(time)))
        .onComplete(
            read -> {
              loading = false;
              unread = read.failed() ? read.cause().getMessage() : null;
              if (read.succeeded() && !stopped) {
                takeUp(read.result());
              }
              sayHealth();
            });
  }

  private void takeUp(Past past) {
    loaded = true;
    switchboard.recalled(past.pause());
    Moment now = Moment.of(time);
    clock.recalled(past.clock(), now);
    List<Incident> stored = new ArrayList<>(past.recent());
    past.open().stream().filter(one -> !past.recent().contains(one)).forEach(stored::add);
    cases.learn(stored, clock.log(), now);
    keeper.recall(stored, clock.log());
    // A storm comes after those that fell in it: it ends when none of them is open.
    past.open().reversed().stream().filter(one -> !Storms.is(one)).forEach(this::takeUp);
    past.open().reversed().stream().filter(Storms::is).forEach(this::takeUp);
    stored.forEach(this::tellCause);
    while (!early.isEmpty()) {
      take(early.removeFirst());
    }
  }

  private void takeUp(Incident incident) {
    try {
      Event cause = Cause.read(incident.symptom(), incident.cause());
      LOG.info("Goes on after a restart: {} (incident {})", incident.summary(), incident.id());
      carryOut(IncidentPlan.takeUp(incident, cases.restarts(cause), world()));
    } catch (IOException otherVersion) {
      LOG.warn(
          "Incident {} was opened by another version and is left", incident.id(), otherVersion);
    }
  }

  private void sayHealth() {
    ComponentEvent.Changed health = Health.of(cases.all(), switchboard.now(), unread);
    if (!health.equals(said) && !stopped) {
      said = health;
      bus.publish(health);
    }
  }

  /**
   * Does nothing more: whoever ends the agent may end its workers with it, and they are not to be
   * brought back. What is intended on disk is for the next run of the agent.
   */
  private void rest() {
    stopped = true;
    if (ticker != null) {
      ticker.stop();
    }
  }

  @Override
  public Future<?> stop() {
    rest();
    claims.close();
    return Future.join(subscriptions.stream().map(Bus.Subscription::cancel).toList());
  }
}
