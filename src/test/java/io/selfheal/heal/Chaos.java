package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.heal.AnyOrderProperties.Happening;
import io.selfheal.heal.Effect.Act;
import io.selfheal.heal.Effect.LookAtJobs;
import io.selfheal.heal.Effect.LookAtWorkers;
import io.selfheal.heal.Effect.Save;
import io.selfheal.message.Event;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Incident.StepState;
import io.selfheal.message.Outcome;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.rule.Rules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A world that answers one case at random, and watches what must never happen. */
final class Chaos {
  Play play;
  private @Nullable Incident disk;
  private final Set<ProcessIdentity> gone = new HashSet<>();
  private final List<Moment> starts = new ArrayList<>();
  private final Set<Effect> checked = new HashSet<>();
  private final boolean frozen;
  private long pid = 1;
  private int acts;
  private int crashes;

  Chaos(Event symptom) {
    this(symptom, Play.open(symptom));
  }

  /** Under these rules, and the guardrails that they have. */
  Chaos(Event symptom, Rules rules) {
    this(
        symptom,
        Play.guarded(
            symptom,
            rules,
            new RuleGate(
                History.EMPTY, List::of, null, Optional.empty(), new HostClaims(List.of()))));
  }

  private Chaos(Event symptom, Play play) {
    this.play = play;
    frozen = symptom instanceof WorkerEvent.Unresponsive;
    if (symptom instanceof WorkerEvent.Lost lost) {
      gone.add(lost.process());
    }
    check();
  }

  int acts() {
    return acts;
  }

  void happen(Happening happening, int choice) {
    switch (happening) {
      case SAVED -> save(true);
      case NOT_SAVED -> save(false);
      case DONE -> answer(Outcome.DONE, choice);
      case ALREADY_DONE -> answer(Outcome.ALREADY_DONE, choice);
      case DEFERRED -> answer(Outcome.DEFERRED, choice);
      case FAILED -> answer(Outcome.FAILED, choice);
      case REFUSED -> answer(Outcome.REFUSED, choice);
      case LOST -> worker(Scene.lost(pid));
      case FROZEN -> worker(Scene.frozen(pid));
      case RECOVERED -> worker(Scene.recovered(pid));
      case WORKERS_RUN -> workers(Liveness.RUNNING);
      case WORKERS_NONE -> workers(null);
      case WORKERS_FROZEN -> workers(Liveness.FROZEN);
      case JOBS_CLEAN -> jobs(new Input.JobsSeen(Scene.swept(true)));
      case JOBS_STUCK -> jobs(new Input.JobsSeen(Scene.swept(true, "1")));
      case JOBS_UNREADABLE -> jobs(new Input.JobsSeen(Scene.unreadable(true)));
      case TICK -> play.tick(Duration.ofMillis(200));
      case LONG_TICK -> play.tick(Duration.ofSeconds(30));
      case PAUSE -> play.pause = new Switch(true, "chaos", Scene.NOON, null);
      case RESUME -> play.pause = PauseSwitch.RUNNING;
      case DATABASE_BACK -> play.with(new Input.DatabaseBack());
      case CRASH -> crash();
    }
    check();
  }

  void answerAll(Happening outcome) {
    while (play.wants(Act.class)) {
      happen(outcome, 0);
    }
  }

  /** From now on everything goes as it should. */
  void calm() {
    play.pause = PauseSwitch.RUNNING;
    for (int i = 0; i < 400 && !play.now.finished(); i++) {
      happen(Happening.SAVED, 0);
      answerAll(Happening.DONE);
      happen(Happening.WORKERS_RUN, 0);
      happen(Happening.JOBS_CLEAN, 0);
      happen(i % 5 == 4 ? Happening.LONG_TICK : Happening.TICK, 0);
    }
  }

  private void save(boolean works) {
    if (!play.wants(Save.class)) {
      return;
    }
    Save save = play.take(Save.class);
    if (works) {
      disk = save.incident();
      play.with(new Input.Saved(save.revision()));
      return;
    }
    play.with(new Input.NotSaved(save.revision(), "disk full"));
  }

  private void answer(Outcome asked, int choice) {
    Outcome outcome = asked;
    List<Act> open =
        play.wanted.stream().filter(Act.class::isInstance).map(Act.class::cast).toList();
    if (open.isEmpty()) {
      return;
    }
    Act act = open.get(choice % open.size());
    play.wanted.remove(act);
    Step step = play.now.incident().steps().get(act.step());
    ProcessIdentity process = null;
    if (step.remedy().equals(RestartWorker.NAME) && !gone.contains(Scene.process(pid))) {
      // The fence of a start: another process than the replaced one fills the slot.
      outcome = Outcome.ALREADY_DONE;
      process = Scene.process(pid);
    } else if (step.remedy().equals(RestartWorker.NAME)) {
      if (outcome == Outcome.DONE) {
        process = Scene.process(++pid);
      }
      if (outcome == Outcome.DONE || outcome == Outcome.FAILED) {
        starts.add(play.world().now());
      }
    }
    boolean ended = outcome == Outcome.DONE || outcome == Outcome.ALREADY_DONE;
    if (step.remedy().equals(StopWorker.NAME) && ended) {
      gone.add(step.process());
    }
    play.with(new Input.Acted(act.step(), Ending.of(outcome, "as it goes", process)));
  }

  private void worker(WorkerEvent event) {
    boolean aboutWorker = play.now.cause() instanceof WorkerEvent;
    if (!aboutWorker || gone.contains(Scene.process(pid))) {
      return;
    }
    if (event instanceof WorkerEvent.Lost lost) {
      gone.add(lost.process());
    }
    play.see(event);
  }

  private void workers(@Nullable Liveness liveness) {
    if (!play.wants(LookAtWorkers.class)) {
      return;
    }
    play.take(LookAtWorkers.class);
    boolean none = liveness == null || gone.contains(Scene.process(pid));
    play.with(new Input.WorkersSeen(none ? Scene.noWorkers() : Scene.workers(pid, liveness)));
  }

  private void jobs(Input input) {
    if (play.wants(LookAtJobs.class)) {
      play.take(LookAtJobs.class);
      play.with(input);
    }
  }

  private void crash() {
    Incident stored = disk;
    if (stored == null || stored.state().over()) {
      return;
    }
    try {
      play = Play.takeUp(stored, play);
      crashes++;
    } catch (IOException bug) {
      throw new UncheckedIOException(bug);
    }
    checked.clear();
  }

  /** What must never happen. */
  private void check() {
    for (Effect effect : play.wanted) {
      if (effect instanceof Act act && checked.add(effect)) {
        acts++;
        check(act);
      }
    }
  }

  private void check(Act act) {
    Step step = play.now.incident().steps().get(act.step());
    assertTrue(disk != null && disk.steps().size() > act.step(), "the intent is not on disk");
    Step written = disk.steps().get(act.step());
    assertTrue(written.state() == StepState.INTENDED, "the intent is not on disk");
    assertTrue(written.attempt() == step.attempt(), "another intent is on disk");
    if (frozen && step.remedy().equals(RequeueJobs.NAME)) {
      assertTrue(gone.contains(Scene.process(1)), "jobs of a process that is not gone");
    }
    if (step.remedy().equals(RestartWorker.NAME)) {
      assertTrue(gone.contains(step.process()), "a start beside a process that is not gone");
    }
  }

  /**
   * A start whose outcome was not written before a crash is done again if its process died too: the
   * limit is exceeded by no more than the crashes of the agent itself.
   */
  void checkRestartLimit() {
    assertTrue(excess(starts, play.config) <= crashes, () -> "too many restarts: " + starts);
  }

  /** How many restarts have as many as the limit within the window before them. */
  static long excess(List<Moment> starts, HealConfig config) {
    long excess = 0;
    for (int i = config.restarts(); i < starts.size(); i++) {
      Moment earlier = starts.get(i - config.restarts());
      if (starts.get(i).since(earlier).compareTo(config.window()) < 0) {
        excess++;
      }
    }
    return excess;
  }
}
