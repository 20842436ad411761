package io.selfheal.heal;

import io.selfheal.message.Incident.Guardrail;
import io.selfheal.message.Incident.Step;
import io.selfheal.message.Owner;
import io.selfheal.message.Subject;
import io.selfheal.message.SymptomEvent;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.rule.Mode;
import io.selfheal.rule.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the guardrails before a remedy, and writes what each says on the incident.
 *
 * @param starved why the host or the agent gets too little to tell slow from dead
 * @param workers as they were read last; null when they could not be
 * @param claims of this agent among those of its host
 */
record RuleGate(
    History history,
    Supplier<Collection<Case>> cases,
    @Nullable List<Worker> workers,
    Optional<String> starved,
    HostClaims claims)
    implements Gate {
  /** The guardrail that comes last: what it allows is held until the incident is over. */
  static final String OTHERS = "other_agents";

  private static final String ANEW = "another agent of this host had it: it is looked at anew";

  @Override
  public Pass judge(Turn turn, int index, SymptomEvent.Seen seen, Rule rule) {
    Step step = turn.steps.get(index);
    Attempt attempt =
        new Attempt(
            rule, step.remedy(), seen.subject(), turn.was.id(), 1, Approval.consent(turn, index));
    Around around =
        new Around(
            turn.now(),
            turn.world.pause(),
            starved,
            Crews.of(workers, cases.get(), seen.subject(), turn.was.id()),
            turn.world.rules().limits());
    List<Checked> all = new ArrayList<>(Checks.judge(attempt, history, around));
    if (Checks.sum(all) instanceof Ruling.Allowed) {
      all.add(new Checked(OTHERS, others(turn, seen)));
    }
    return pass(turn, step, rule, all);
  }

  @Override
  public Pass builtIn(Turn turn, int index, Rule rule) {
    Step step = turn.steps.get(index);
    // One that is dead is started without a loss, unless many fell together.
    boolean shared = step.remedy().equals(StopWorker.NAME) || turn.caused();
    @Nullable Crew crew =
        shared && turn.cause instanceof WorkerEvent
            ? Crews.of(workers, cases.get(), turn.was.subject(), turn.was.id())
            : null;
    return pass(turn, step, rule, BuiltInGate.judge(turn, index, rule, history, starved, crew));
  }

  private static Pass pass(Turn turn, Step step, Rule rule, List<Checked> all) {
    Ruling sum = Checks.sum(all);
    write(turn, step, all, sum);
    return switch (sum) {
      case Ruling.Allowed allowed -> new Pass.Go();
      case Ruling.Wait wait -> new Pass.Hold();
      case Ruling.Ask ask -> new Pass.Ask(ask.reason());
      case Ruling.Refuse refuse -> new Pass.Refuse(refuse.reason());
      case Ruling.Observe observe ->
          rule.mode() == Mode.OBSERVE ? new Pass.Rehearse() : new Pass.Hold();
    };
  }

  @Override
  public boolean mayGoOn(Turn turn, SymptomEvent.Seen seen) {
    return claim(turn, seen) instanceof Ruling.Allowed;
  }

  /** What was read while another agent acted tells nothing of what that one left. */
  private Ruling others(Turn turn, SymptomEvent.Seen seen) {
    Ruling ruling = claim(turn, seen);
    Optional<Guardrail> before = turn.last(OTHERS).filter(verdict -> !verdict.allowed());
    if (!(ruling instanceof Ruling.Allowed) || before.isEmpty()) {
      return ruling;
    }
    boolean still =
        before.get().reason().equals(ANEW) && turn.symptom.thereSince(before.get().at());
    return still ? ruling : new Ruling.Wait(null, ANEW);
  }

  private Ruling claim(Turn turn, SymptomEvent.Seen seen) {
    String own = Subject.worker("");
    if (!seen.subject().startsWith(own)) {
      return claims.take(seen.subject(), turn.was.id());
    }
    if (seen.process() != null) {
      // An agent's own workers may be called as another's are, and are other processes.
      return claims.take(seen.process().toString(), turn.was.id());
    }
    String name = seen.subject().substring(own.length());
    return runs(name)
        ? new Ruling.Allowed("this agent runs it, and no other does")
        : claims.take(seen.subject(), turn.was.id());
  }

  private boolean runs(String instance) {
    return workers != null
        && workers.stream()
            .filter(worker -> worker.owner() == Owner.AGENT)
            .flatMap(worker -> worker.processes().stream())
            .anyMatch(one -> one.instance().equals(instance));
  }

  /** All of them when it may act; otherwise those that stand against it. */
  private static void write(Turn turn, Step step, List<Checked> all, Ruling sum) {
    boolean acts = sum instanceof Ruling.Allowed;
    for (Checked one : all) {
      boolean allowed = one.ruling() instanceof Ruling.Allowed;
      if (acts || !allowed) {
        turn.guard(one.guardrail(), step.remedy(), allowed, one.ruling().reason());
      }
      if (one.ruling() instanceof Ruling.Wait wait && wait.cause() != null) {
        turn.causedBy(wait.cause(), wait.reason());
      }
    }
  }

  @Override
  public Ruling storm(Turn turn) {
    return StormCheck.judge(history, turn.world.rules().limits(), turn.now());
  }

  @Override
  public List<Case> causedBy(String incidentId) {
    return cases.get().stream()
        .filter(one -> !one.over() && incidentId.equals(one.incident().causedBy()))
        .toList();
  }
}
