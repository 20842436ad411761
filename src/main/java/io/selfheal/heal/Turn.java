package io.selfheal.heal;

import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.Entry;
import io.selfheal.message.Incident.Guardrail;
import io.selfheal.message.Incident.State;
import io.selfheal.message.Incident.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The working copy of a case during one reaction. It never leaves the reaction: what goes in and
 * what comes out are immutable.
 */
final class Turn {
  private static final int MOST_ENTRIES = 200;

  final World world;
  final Case before;
  final Incident was;
  final Event cause;
  final List<Step> steps;
  final List<Moment> restarts;
  WorkerCheck worker;
  JobCheck jobs;
  SymptomCheck symptom;
  Duration spent;
  boolean examine;

  private final Map<Integer, Effort> efforts;
  private final List<Entry> timeline;
  private final List<Guardrail> guardrails;
  private final List<Effect> effects = new ArrayList<>();
  private Disk disk;
  private State state;
  private @Nullable Instant closedAt;
  private @Nullable String result;
  private String summary;
  private @Nullable String causedBy;
  private boolean changed;

  Turn(Case before, World world) {
    this.world = world;
    this.before = before;
    was = before.incident();
    cause = before.cause();
    steps = new ArrayList<>(was.steps());
    restarts = new ArrayList<>(before.restarts());
    worker = before.worker();
    jobs = before.jobs();
    symptom = before.symptom();
    spent = before.spent();
    examine = before.examine();
    efforts = new HashMap<>(before.efforts());
    timeline = new ArrayList<>(was.timeline());
    guardrails = new ArrayList<>(was.guardrails());
    disk = before.disk();
    state = was.state();
    closedAt = was.closedAt();
    result = was.result();
    summary = was.summary();
    causedBy = was.causedBy();
  }

  Moment now() {
    return world.now();
  }

  State state() {
    return state;
  }

  void become(State next) {
    changed |= next != state;
    state = next;
  }

  void over(State end, String how) {
    become(end);
    closedAt = now().wall();
    result = how;
  }

  /** Adds to the timeline. Of a very long one the middle is given up: its ends tell the story. */
  void note(String kind, String text) {
    timeline.add(new Entry(now().wall(), kind, text));
    if (timeline.size() > MOST_ENTRIES) {
      timeline.remove(MOST_ENTRIES / 2);
    }
    changed = true;
  }

  /** Adds to the timeline what is not on it yet. */
  void noteOnce(String kind, String text) {
    if (timeline.stream().noneMatch(one -> one.kind().equals(kind) && one.text().equals(text))) {
      note(kind, text);
    }
  }

  /** Says anew, in one sentence, what it is about. */
  void summary(String text) {
    changed |= !text.equals(summary);
    summary = text;
  }

  /** It is a consequence of another incident. The first that is known as its cause stays it. */
  void causedBy(String incidentId, String why) {
    if (causedBy == null && !incidentId.equals(was.id())) {
      causedBy = incidentId;
      note("linked", why);
    }
  }

  /** Whether another incident is known as its cause. */
  boolean caused() {
    return causedBy != null;
  }

  /** The timeline so far. */
  List<Entry> entries() {
    return List.copyOf(timeline);
  }

  boolean noted(String kind) {
    return timeline.stream().anyMatch(entry -> entry.kind().equals(kind));
  }

  /** Whether a guardrail has held a remedy. */
  boolean held(String name) {
    return guardrails.stream().anyMatch(one -> one.name().equals(name) && !one.allowed());
  }

  /** What a guardrail said last. */
  Optional<Guardrail> last(String name) {
    return guardrails.reversed().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** Records the verdict of a guardrail; a refusal that is said again is not recorded again. */
  void guard(String name, String remedy, boolean allowed, String reason) {
    Optional<Guardrail> last =
        guardrails.reversed().stream()
            .filter(one -> one.name().equals(name) && one.remedy().equals(remedy))
            .findFirst();
    boolean repeated =
        last.isPresent() && !last.get().allowed() && last.get().reason().equals(reason);
    if (!allowed && repeated) {
      return;
    }
    guardrails.add(new Guardrail(now().wall(), name, remedy, allowed, reason));
    if (guardrails.size() > MOST_ENTRIES) {
      guardrails.remove(MOST_ENTRIES / 2);
    }
    changed = true;
    if (!allowed) {
      note("held", remedy + " held: " + reason);
    }
  }

  void step(int index, Step step) {
    steps.set(index, step);
    changed = true;
  }

  void append(Step step) {
    steps.add(step);
    changed = true;
  }

  /** Gives up the steps from an index on; none of them has begun. */
  void dropFrom(int index) {
    for (int i = steps.size() - 1; i >= index; i--) {
      steps.remove(i);
      efforts.remove(i);
    }
    changed = true;
  }

  Effort effort(int index) {
    Effort effort = efforts.get(index);
    return effort == null ? Effort.fresh(now()) : effort;
  }

  void effort(int index, Effort effort) {
    efforts.put(index, effort);
  }

  Disk disk() {
    return disk;
  }

  void disk(Disk next) {
    disk = next;
  }

  /** The revision that this turn's changes will have. */
  long nextRevision() {
    changed = true;
    return disk.revision() + 1;
  }

  void publish(Event event) {
    effects.add(new Effect.Publish(event));
  }

  void want(Effect effect) {
    effects.add(effect);
  }

  /** Steps of a remedy, however far they got. */
  int count(String remedy) {
    return (int) steps.stream().filter(step -> step.remedy().equals(remedy)).count();
  }

  /** The case and the effects; writes go last, so that what is said is said at once. */
  Move end() {
    Incident incident = changed ? incident() : was;
    if (changed) {
      disk = disk.changed();
    }
    if (disk.due(now())) {
      effects.add(new Effect.Save(disk.revision(), incident));
      disk = disk.started();
    }
    Case next =
        new Case(
            incident,
            cause,
            before.opened(),
            efforts,
            restarts,
            disk,
            worker,
            jobs,
            symptom,
            spent,
            now(),
            examine);
    return new Move(next, effects);
  }

  private Incident incident() {
    return new Incident(
        was.id(),
        was.symptom(),
        was.subject(),
        was.agent(),
        was.rule(),
        was.ruleVersion(),
        was.severity(),
        state,
        summary,
        was.cause(),
        was.openedAt(),
        closedAt,
        result,
        timeline,
        guardrails,
        steps,
        causedBy);
  }
}
