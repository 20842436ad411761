package io.selfheal.heal;

import io.selfheal.heal.Effect.Act;
import io.selfheal.heal.Effect.LookAtJobs;
import io.selfheal.heal.Effect.LookAtWorkers;
import io.selfheal.heal.Effect.Publish;
import io.selfheal.heal.Effect.Save;
import io.selfheal.message.Event;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.Incident;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.Outcome;
import io.selfheal.rule.Rules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Plays one case by hand: the test answers every effect. */
final class Play {
  final Scene.Hands hands = new Scene.Hands();
  final List<Effect> wanted = new ArrayList<>();
  final List<String> told = new ArrayList<>();
  HealConfig config = Scene.CONFIG;
  Switch pause = PauseSwitch.RUNNING;
  Rules rules = Scene.BOOK.now();
  Gate gate = (turn, index, seen, rule) -> new Gate.Pass.Go();
  Case now;

  static Play open(Event event) {
    return open(event, List.of());
  }

  static Play open(Event event, Rules rules) {
    return open(event, List.of(), rules);
  }

  static Play open(Event event, List<Moment> restarts) {
    return open(event, restarts, Scene.BOOK.now());
  }

  /** Under guardrails that the test makes. */
  static Play guarded(Event event, Gate gate) {
    return open(event, List.of(), Scene.BOOK.now(), gate);
  }

  /** Under guardrails, and built-in rules that are not as they come. */
  static Play guarded(Event event, Rules rules, Gate gate) {
    return open(event, List.of(), rules, gate);
  }

  /** Every remedy must be approved. */
  static Play held(Event event, Rules rules) {
    return open(
        event,
        List.of(),
        rules,
        (turn, index, seen, rule) ->
            Approval.consent(turn, index) instanceof Consent.Approved
                ? new Gate.Pass.Go()
                : new Gate.Pass.Ask("its rule says so"));
  }

  /** Every remedy is only rehearsed. */
  static Play rehearsed(Event event, Rules rules) {
    return open(event, List.of(), rules, (turn, i, seen, rule) -> new Gate.Pass.Rehearse());
  }

  /** No remedy is let through. */
  static Play refused(Event event, Rules rules) {
    return open(
        event, List.of(), rules, (turn, i, seen, rule) -> new Gate.Pass.Refuse("too often today"));
  }

  private static Play open(Event event, List<Moment> restarts, Rules rules) {
    return open(event, restarts, rules, (turn, index, seen, rule) -> new Gate.Pass.Go());
  }

  private static Play open(Event event, List<Moment> restarts, Rules rules, Gate gate) {
    Play play = new Play();
    play.rules = rules;
    play.gate = gate;
    play.take(
        IncidentPlan.open(
            BuiltIns.match(event).orElseThrow(), "id", "agent", restarts, play.world()));
    return play;
  }

  /** The agent is gone and another run takes up what is on disk. */
  static Play takeUp(Incident stored, Play before) throws IOException {
    Play play = new Play();
    play.pause = before.pause;
    play.rules = before.rules;
    play.gate = before.gate;
    play.hands.turn(Duration.between(Scene.NOON, before.hands.time().now()));
    Cases cases = new Cases();
    cases.learn(List.of(stored), ClockLog.NONE, play.world().now());
    List<Moment> restarts = cases.restarts(Cause.read(stored.symptom(), stored.cause()));
    play.take(IncidentPlan.takeUp(stored, restarts, play.world()));
    return play;
  }

  World world() {
    return new World(config, pause, rules, gate, Moment.of(hands.time()));
  }

  Play with(Input input) {
    take(IncidentPlan.react(now, input, world()));
    return this;
  }

  private void take(Move move) {
    now = move.next();
    for (Effect effect : move.effects()) {
      if (effect instanceof Publish publish) {
        told.add(publish.event().type());
      } else {
        wanted.add(effect);
      }
    }
  }

  Play see(Event event) {
    return with(new Input.Seen(event));
  }

  Play tick(Duration after) {
    hands.turn(after);
    return with(new Input.Ticked());
  }

  Play tick() {
    return tick(Duration.ZERO);
  }

  Play saved() {
    Save save = take(Save.class);
    return with(new Input.Saved(save.revision()));
  }

  /** Writes until nothing is to be written. */
  Play settle() {
    while (wants(Save.class)) {
      saved();
    }
    return this;
  }

  boolean wants(Class<? extends Effect> kind) {
    return wanted.stream().anyMatch(kind::isInstance);
  }

  /** Names of the remedies whose acts are wanted and not answered. */
  List<String> acts() {
    return wanted.stream()
        .filter(Act.class::isInstance)
        .map(effect -> now.incident().steps().get(((Act) effect).step()).remedy())
        .toList();
  }

  Play done(String remedy, Outcome outcome, String detail, long pid) {
    Act act = act(remedy);
    wanted.remove(act);
    return with(
        new Input.Acted(
            act.step(), Ending.of(outcome, detail, pid == 0 ? null : Scene.process(pid))));
  }

  Play stopped(long pid) {
    return done(StopWorker.NAME, Outcome.DONE, "pid " + pid + " ended", pid).settle();
  }

  Play requeued() {
    return done(RequeueJobs.NAME, Outcome.DONE, "2 jobs requeued", 0).settle();
  }

  Play restarted(long pid) {
    return done(RestartWorker.NAME, Outcome.DONE, "started as pid " + pid, pid).settle();
  }

  Act act(String remedy) {
    return wanted.stream()
        .filter(Act.class::isInstance)
        .map(Act.class::cast)
        .filter(act -> now.incident().steps().get(act.step()).remedy().equals(remedy))
        .findFirst()
        .orElseThrow(() -> new AssertionError(remedy + " is not wanted: " + wanted));
  }

  <E extends Effect> E take(Class<E> kind) {
    Effect found =
        wanted.stream()
            .filter(kind::isInstance)
            .findFirst()
            .orElseThrow(() -> new AssertionError(kind + " is not wanted: " + wanted));
    wanted.remove(found);
    return kind.cast(found);
  }

  Play workers(Input answer) {
    take(LookAtWorkers.class);
    return with(answer).settle();
  }

  Play jobs(Input answer) {
    take(LookAtJobs.class);
    return with(answer).settle();
  }

  /** The new process is seen to run for as long as it must, and no job is stuck. */
  Play verify(long pid) {
    return verify(pid, Scene.swept(true));
  }

  /** The same, with what the dry run of a sweep says. */
  Play verify(long pid, Swept swept) {
    Input running =
        new Input.WorkersSeen(
            Scene.workers(pid, io.selfheal.message.WorkerRequests.Liveness.RUNNING));
    workers(running);
    tick(config.verifyFor());
    workers(running);
    return jobs(new Input.JobsSeen(swept));
  }

  Incident.State state() {
    return now.incident().state();
  }
}
