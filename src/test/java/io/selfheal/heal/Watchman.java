package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.heal.History.Open;
import io.selfheal.heal.History.Start;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.Outcome;
import io.selfheal.message.Severity;
import io.selfheal.rule.BuiltInRules;
import io.selfheal.rule.Guards;
import io.selfheal.rule.Limits;
import io.selfheal.rule.Rule;
import io.selfheal.rule.Rules;
import io.selfheal.rule.Toys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Does what an agent does with its guardrails, over restarts and turned clocks, and counts by a
 * clock of its own, which nobody turns, whether a bound was exceeded.
 */
final class Watchman {
  static final int PROCESSES = 4;
  static final Limits LIMITS = new Limits(6, 4, Duration.ofSeconds(20));
  static final Rules RULES =
      Guarded.rules(
          "guardrails: { cooldown: 1m, most: 3, within: 10m, debt: 3 }",
          "guardrails: { cooldown: 0s, most: 2, within: 11m, debt: 5, keep_last: true }",
          "symptom: worker_lost, guardrails: { cooldown: 5m, within: 2h, backoff: 3, after: [a] }");

  /** One of those that come with the agent, under guardrails that can be exceeded. */
  static final BuiltInRules BUILT_IN =
      builtIn("lost_worker: { guardrails: { cooldown: 30s, most: 4, within: 12m, debt: 4 } }");

  static final Rules ALL = new Rules("rules.yaml", LIMITS, RULES.all(), BUILT_IN);

  private static BuiltInRules builtIn(String said) {
    try {
      return Toys.reader(List.of(), List.of())
          .read("rules.yaml", "built_in: { remedies_per_minute: 5, " + said + " }\n")
          .builtIn();
    } catch (BadConfiguration bad) {
      throw new IllegalArgumentException(bad);
    }
  }

  /** A remedy that acted, or may have, by the clock that nobody turns. */
  record Act(String rule, String subject, Duration at) {}

  private final Map<String, Incident> disk = new LinkedHashMap<>();
  private final Map<String, Start> running = new LinkedHashMap<>();
  private final Map<String, Act> acts = new LinkedHashMap<>();
  private final List<Act> heals = new ArrayList<>();
  private final Map<String, Duration> openings = new LinkedHashMap<>();
  private Duration passed = Duration.ZERO;
  private Duration turned = Duration.ZERO;
  private long base;
  private ClockLog clock = ClockLog.NONE;
  private String boot = "boot 0";
  private History history = History.EMPTY;
  private boolean paused;
  private int names;
  int started;

  private Moment now() {
    Instant wall = Guarded.NOON.wall().plus(passed).plus(turned);
    return new Moment(wall, base + passed.toNanos());
  }

  void pass(Duration time) {
    passed = passed.plus(time);
  }

  void turnClock(Duration by) {
    turned = turned.plus(by);
  }

  void pause(boolean on) {
    paused = on;
  }

  void forget() {
    history = history.forgotten(ALL, now());
  }

  /** The machine starts anew; only what is on disk is left. */
  void reboot(long anotherBase) {
    base = anotherBase;
    boot = "boot " + anotherBase;
    restart();
  }

  /** The agent ends and starts anew. */
  void restart() {
    look();
    history = Recalled.history(List.copyOf(disk.values()), clock, now());
    running.replaceAll(
        (id, start) -> new Start(start.remedy(), clock.recalled(startedAt(id), now())));
  }

  /** As the agent does before it writes anything. */
  private void look() {
    clock = clock.seen(boot, now());
  }

  private Instant startedAt(String id) {
    return disk.get(id).steps().getLast().startedAt();
  }

  /** A symptom appears; an incident is opened unless one is open. */
  void symptom(int rule, int subject) {
    look();
    String name = rule < 3 ? RULES.all().get(rule).name() : "lost_worker";
    String about = "worker/images." + subject;
    if (open(name, about).isPresent()) {
      return;
    }
    String id = "incident-" + names++;
    Incident incident = incident(id, name, about, State.OPENED, now().wall(), null, List.of());
    disk.put(id, incident);
    openings.put(about, passed);
    history = history.appeared(about, now()).standing(new Open(id, name, about, State.OPENED));
  }

  private Optional<Incident> open(String rule, String subject) {
    return disk.values().stream()
        .filter(one -> one.rule().equals(rule) && one.subject().equals(subject))
        .filter(one -> !one.state().over())
        .findFirst();
  }

  /** An open incident would start its remedy now. */
  void attempt(int choice) {
    List<Incident> ready =
        disk.values().stream()
            .filter(one -> !one.state().over() && !running.containsKey(one.id()))
            .toList();
    if (ready.isEmpty()) {
      return;
    }
    Incident incident = ready.get(choice % ready.size());
    Rule rule = ALL.any(incident.rule()).orElseThrow();
    boolean builtIn = BUILT_IN.named(rule.name()).isPresent();
    Attempt attempt =
        new Attempt(
            rule, "restart_worker", incident.subject(), incident.id(), 1, new Consent.None());
    Crew crew =
        new Crew("images", OptionalInt.of(PROCESSES - running.size()), running.size(), true);
    Around around =
        new Around(
            now(),
            paused
                ? new io.selfheal.message.HealRequests.Switch(true, "x", null, null)
                : PauseSwitch.RUNNING,
            Optional.empty(),
            crew,
            builtIn ? new Limits(5, LIMITS.storm(), LIMITS.stormWithin()) : LIMITS);
    if (Checks.sum(Checks.judge(attempt, history, around)) instanceof Ruling.Allowed) {
      start(incident, rule);
    }
  }

  private void start(Incident incident, Rule rule) {
    check(incident, rule);
    Start start = new Start("restart_worker", now());
    history = history.started(rule.name(), incident.subject(), start);
    running.put(incident.id(), start);
    acts.put(incident.id() + "#" + incident.steps().size(), act(incident));
    started++;
    write(incident, State.HEALING, now().wall(), null);
  }

  private Act act(Incident incident) {
    return new Act(incident.rule(), incident.subject(), passed);
  }

  private void check(Incident incident, Rule rule) {
    Guards guards = rule.guards();
    List<Act> own =
        acts.values().stream()
            .filter(act -> act.rule().equals(rule.name()))
            .filter(act -> act.subject().equals(incident.subject()))
            .toList();
    assertFalse(paused, "started while paused");
    assertTrue(count(own, guards.within()) < guards.most(), "more than most");
    assertTrue(count(own, guards.cooldown()) == 0, "within the cooldown");
    boolean builtIn = BUILT_IN.named(rule.name()).isPresent();
    List<Act> kin =
        acts.values().stream()
            .filter(act -> BUILT_IN.named(act.rule()).isPresent() == builtIn)
            .toList();
    assertTrue(count(kin, Duration.ofMinutes(1)) < (builtIn ? 5 : LIMITS.perMinute()), "rate");
    long cured =
        count(
            heals.stream()
                .filter(act -> act.rule().equals(rule.name()))
                .filter(act -> act.subject().equals(incident.subject()))
                .toList(),
            Duration.ofDays(1));
    assertTrue(cured < guards.debt(), "more heals than the debt");
    assertTrue(running.size() < PROCESSES / 2, "more than the share");
    assertTrue(!guards.keepLast() || running.size() < PROCESSES - 1, "the last one");
    boolean caused =
        disk.values().stream()
            .anyMatch(one -> guards.after().contains(one.rule()) && !one.state().over());
    assertFalse(caused, "before its cause");
    long storm =
        openings.values().stream()
            .filter(at -> passed.minus(at).compareTo(LIMITS.stormWithin()) < 0)
            .count();
    assertTrue(storm < LIMITS.storm(), "in a storm");
  }

  private long count(List<Act> all, Duration within) {
    return all.stream().filter(act -> passed.minus(act.at()).compareTo(within) < 0).count();
  }

  /** A remedy that runs ends. */
  void ends(int choice, Outcome outcome) {
    if (running.isEmpty()) {
      return;
    }
    String id = List.copyOf(running.keySet()).get(choice % running.size());
    Incident incident = disk.get(id);
    Start start = running.remove(id);
    if (!Set.of(Outcome.DONE, Outcome.FAILED).contains(outcome)) {
      history = history.notStarted(incident.rule(), incident.subject(), start);
      acts.remove(id + "#" + (incident.steps().size() - 1));
    }
    write(incident, State.VERIFYING, null, outcome);
  }

  /** An incident whose remedy does not run is over: healed if anything was done. */
  void over(int choice, boolean healed) {
    List<Incident> idle =
        disk.values().stream()
            .filter(one -> !one.state().over() && !running.containsKey(one.id()))
            .toList();
    if (idle.isEmpty()) {
      return;
    }
    Incident incident = idle.get(choice % idle.size());
    history = history.over(incident.id());
    if (healed) {
      history = history.healed(incident.rule(), incident.subject(), now());
      heals.add(act(incident));
    }
    write(incident, healed ? State.CLOSED : State.ESCALATED, null, null);
  }

  /** Writes the incident with a step begun, or with its last step ended, or with neither. */
  private void write(
      Incident incident, State state, @Nullable Instant begun, @Nullable Outcome ended) {
    look();
    List<Step> steps = new ArrayList<>(incident.steps());
    if (begun != null) {
      steps.add(step(StepState.INTENDED, steps.size() + 1, begun, null));
    }
    if (ended != null) {
      Step last = steps.removeLast();
      steps.add(step(StepState.ENDED, last.attempt(), last.startedAt(), ended));
    }
    Instant closed = state.over() ? now().wall() : null;
    disk.put(
        incident.id(),
        incident(
            incident.id(),
            incident.rule(),
            incident.subject(),
            state,
            incident.openedAt(),
            closed,
            steps));
  }

  static Step step(StepState state, int attempt, Instant startedAt, @Nullable Outcome outcome) {
    return new Step(
        "restart_worker", "images", null, state, attempt, startedAt, null, outcome, null);
  }

  static Incident incident(
      String id,
      String rule,
      String subject,
      State state,
      Instant opened,
      @Nullable Instant closed,
      List<Step> steps) {
    return new Incident(
        id,
        "worker_unresponsive",
        subject,
        "agent",
        rule,
        "1",
        Severity.WARNING,
        state,
        "",
        "{}",
        opened,
        closed,
        null,
        List.of(),
        List.of(),
        steps);
  }

  @Override
  public String toString() {
    return acts.values().stream().map(Act::toString).collect(Collectors.joining("\n"));
  }
}
