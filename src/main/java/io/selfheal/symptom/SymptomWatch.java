package io.selfheal.symptom;

import static io.selfheal.bus.RequestFailed.Reason.NOBODY_ANSWERS;

import io.selfheal.bus.Bus;
import io.selfheal.bus.RequestFailed;
import io.selfheal.bus.Ticker;
import io.selfheal.bus.Time;
import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.SymptomRequests;
import io.selfheal.message.SymptomRequests.ListRules;
import io.selfheal.message.SymptomRequests.Look;
import io.selfheal.message.SymptomRequests.RuleStates;
import io.selfheal.message.SymptomRequests.Standing;
import io.selfheal.message.SymptomRequests.Tried;
import io.selfheal.message.SymptomRequests.Try;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Rule;
import io.selfheal.rule.RuleBook;
import io.selfheal.rule.Rules;
import io.selfheal.rule.Surroundings;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for the symptoms that the rules name, and publishes when one counts and when it is
 * measured gone. When rules are read anew, those that did not change keep what they have seen.
 */
public final class SymptomWatch extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(SymptomWatch.class);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration TRIAL_LIMIT = Duration.ofSeconds(40);

  /** It ticks twice a second: after such a silence it was stopped, or the whole machine was. */
  private static final Duration STOOD_STILL = Duration.ofSeconds(5);

  /** What the kernel told meanwhile is heard so soon afterwards, and is of another time. */
  private static final Duration BELATED = Duration.ofSeconds(1);

  private final RuleBook book;
  private final Bus bus;
  private final Time time;
  private final Looks looks;
  private final Trials trials;
  private final Map<String, Watched> watched = new LinkedHashMap<>();
  private final List<Bus.Subscription> subscriptions = new ArrayList<>();
  private Starvation starvation;
  private boolean starved;
  private long lastAwake;
  private @Nullable Long awoke;
  private @Nullable Rules known;
  private @Nullable Ticker ticker;
  private @Nullable Triggers triggers;

  /** Not started yet. */
  public SymptomWatch(RuleBook book, Bus bus, Time time) {
    this.book = book;
    this.bus = bus;
    this.time = time;
    this.looks = new Looks(time);
    this.trials = new Trials(TRIAL_LIMIT, bus, time);
    this.starvation = Starvation.fresh(TICK, time.mark());
    this.lastAwake = time.mark();
  }

  @Override
  public Future<?> start() {
    triggers = new Triggers(context, this::stalled);
    adopt();
    subscriptions.add(bus.onEvent(this::onEvent));
    subscriptions.add(bus.answer(SymptomRequests.LOOK, this::look));
    subscriptions.add(bus.answer(SymptomRequests.RULES, this::list));
    subscriptions.add(bus.answer(SymptomRequests.TRY, this::trial));
    ticker = new Ticker(vertx, "symptoms", TICK, this::tick).start();
    return Future.succeededFuture();
  }

  /** Takes over the rules in force, when they are others. */
  private void adopt() {
    Rules now = book.now();
    if (now.equals(known)) {
      return;
    }
    known = now;
    Map<String, Watched> before = new LinkedHashMap<>(watched);
    watched.clear();
    for (Rule rule : now.all()) {
      Watched same = before.get(rule.name());
      boolean kept = same != null && same.rule().version().equals(rule.version());
      watched.put(rule.name(), kept ? before.remove(rule.name()) : new Watched(rule));
    }
    before.values().forEach(old -> looks.end(old));
  }

  private void onEvent(Event event) {
    if (event instanceof SymptomEvent) {
      return;
    }
    awake();
    if (event instanceof HostEvent.Sampled sampled) {
      starvation = starvation.sampled(sampled.host());
    }
    Surroundings around = around();
    for (Watched one : List.copyOf(watched.values())) {
      try {
        taken(one, one.detector().take(event, around));
      } catch (RuntimeException | LinkageError failure) {
        one.fails("cannot take in " + event.type() + ": " + failure, failure);
      }
    }
  }

  private void taken(Watched one, List<Reading> readings) {
    if (!readings.isEmpty()) {
      one.works();
      take(one, readings);
    }
  }

  /** Whether the agent stood still, by what its clock says at the least sign of life. */
  private void awake() {
    long now = time.mark();
    if (now - lastAwake > STOOD_STILL.toNanos()) {
      watched.values().forEach(Watched::blind);
      awoke = now;
    }
    lastAwake = now;
  }

  /** The kernel told of a stall. When that was is not known of one that waited for the agent. */
  void stalled(HostEvent.Stalled stall) {
    awake();
    if (awoke == null || time.since(awoke).compareTo(BELATED) > 0) {
      bus.publish(stall);
    }
  }

  /** That the host or the agent is starved matters to whoever acts on what is seen. */
  private void tellStarvation() {
    boolean now = starvation.why().isPresent();
    if (now == starved) {
      return;
    }
    starved = now;
    bus.publish(
        starvation.why().<HostEvent>map(HostEvent.Starved::new).orElseGet(HostEvent.Relieved::new));
  }

  private Surroundings around() {
    return new Surroundings(time, bus, starvation.why());
  }

  private void take(Watched one, List<Reading> readings) {
    for (SymptomEvent news : one.take(readings, time)) {
      if (news instanceof SymptomEvent.Seen seen) {
        LOG.debug("Rule {}: {}", seen.rule(), seen.summary());
      }
      bus.publish(news);
    }
  }

  /** Lets everything that is due happen now. */
  Future<Void> tick() {
    awake();
    starvation = starvation.ticked(time.mark());
    tellStarvation();
    adopt();
    if (triggers != null) {
      triggers.renew(watched.values());
    }
    for (Watched one : List.copyOf(watched.values())) {
      try {
        looks.due(one, around()).ifPresent(look -> look.onComplete(done -> looked(one, done)));
        looks.hanging(one).ifPresent(why -> one.fails(why, null));
      } catch (RuntimeException | LinkageError failure) {
        one.fails("cannot look: " + failure, failure);
      }
    }
    return Future.succeededFuture();
  }

  private void looked(Watched one, AsyncResult<List<Reading>> done) {
    if (watched.get(one.rule().name()) != one) {
      // The rules were read anew while it looked.
      return;
    }
    if (done.failed()) {
      String why = "cannot look: " + done.cause().getMessage();
      if (done.cause() instanceof RequestFailed failed && failed.reason() == NOBODY_ANSWERS) {
        one.lacks(why);
      } else {
        one.fails(why, null);
      }
      return;
    }
    one.works();
    take(one, done.result());
  }

  private Future<Standing> look(Look query) {
    adopt();
    Watched one = watched.get(query.rule());
    return one == null
        ? Future.failedFuture("there is no rule " + query.rule())
        : Future.succeededFuture(one.standing(query.subject()));
  }

  private Future<Tried> trial(Try query) {
    return book.now()
        .named(query.rule())
        .map(rule -> trials.begin(rule, query.since()))
        .or(() -> book.now().builtIn().named(query.rule()).map(SymptomWatch::untried))
        .orElseGet(() -> Future.failedFuture("there is no rule " + query.rule()));
  }

  /** What it sees is a fact each time, and has opened an incident: there is nothing to replay. */
  private static Future<Tried> untried(Rule builtIn) {
    return Future.succeededFuture(
        new Tried(
            builtIn.name(),
            builtIn.version(),
            0,
            null,
            null,
            false,
            null,
            List.of(),
            0,
            0,
            "it comes with the agent and has acted on all that it saw; see: agent.sh incidents"));
  }

  private Future<RuleStates> list(ListRules query) {
    adopt();
    return Future.succeededFuture(
        new RuleStates(
            Stream.concat(
                    watched.values().stream().map(States::of),
                    book.now().builtIn().all().stream().map(States::builtIn))
                .toList()));
  }

  @Override
  public Future<?> stop() {
    if (ticker != null) {
      ticker.stop();
    }
    watched.values().forEach(looks::end);
    looks.close();
    trials.close();
    List<Future<Void>> ends = new ArrayList<>();
    subscriptions.forEach(each -> ends.add(each.cancel()));
    if (triggers != null) {
      ends.add(triggers.close());
    }
    return Future.join(ends);
  }
}
