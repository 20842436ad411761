package io.selfheal.heal;

import io.selfheal.bus.Bus;
import io.selfheal.message.Event;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.JobRequests;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.SaveIncident;
import io.selfheal.message.SymptomRequests;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.ListWorkers;
import io.vertx.core.AsyncResult;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what a case wants, and brings back what came of it. */
final class Deeds {
  private static final Logger LOG = LoggerFactory.getLogger(Healer.class);

  private Deeds() {}

  static void carryOut(Bus bus, Effect effect, Consumer<Input> answer) {
    switch (effect) {
      case Effect.Publish publish -> {
        log(publish.event());
        bus.publish(publish.event());
      }
      case Effect.Save save ->
          bus.ask(JournalRequests.SAVE_INCIDENT, new SaveIncident(save.incident()))
              .onComplete(done -> answer.accept(saved(save, done)));
      case Effect.Act act ->
          act.question()
              .put(bus)
              .onSuccess(ending -> answer.accept(new Input.Acted(act.step(), ending)));
      case Effect.LookAtWorkers look ->
          bus.ask(WorkerRequests.LIST, new ListWorkers())
              .onComplete(
                  seen ->
                      answer.accept(
                          seen.succeeded()
                              ? new Input.WorkersSeen(seen.result().workers())
                              : new Input.WorkersUnseen(
                                  String.valueOf(seen.cause().getMessage()))));
      case Effect.LookAtSymptom look ->
          bus.ask(SymptomRequests.LOOK, look.query())
              .onComplete(
                  seen ->
                      answer.accept(
                          seen.succeeded()
                              ? new Input.SymptomRead(seen.result())
                              : new Input.SymptomUnread(
                                  String.valueOf(seen.cause().getMessage()))));
      case Effect.LookAtJobs look ->
          bus.ask(JobRequests.SWEEP, look.query(), RequeueJobs.LIMIT)
              .onComplete(
                  seen ->
                      answer.accept(
                          seen.succeeded()
                              ? new Input.JobsSeen(seen.result())
                              : new Input.JobsUnseen(String.valueOf(seen.cause().getMessage()))));
    }
  }

  private static Input saved(Effect.Save save, AsyncResult<?> done) {
    if (done.succeeded()) {
      return new Input.Saved(save.revision());
    }
    String problem = String.valueOf(done.cause().getMessage());
    return new Input.NotSaved(save.revision(), problem);
  }

  private static void log(Event event) {
    if (!(event instanceof IncidentEvent step)) {
      return;
    }
    String id = step.incidentId();
    String of = Words.subject(step.subject());
    String tail = Words.tail(id);
    switch (step) {
      case IncidentEvent.Opened opened -> LOG.warn("{} (incident {})", opened.summary(), id);
      case IncidentEvent.Asked asked ->
          LOG.warn(
              "{}: {} waits for a person: {} (agent.sh approve {}, or reject)",
              of,
              asked.remedy(),
              asked.reason(),
              id);
      case IncidentEvent.RemedyStarted started ->
          LOG.debug("{}: {} starts (incident {})", of, started.remedy(), tail);
      case IncidentEvent.RemedyFinished finished ->
          LOG.info("{}: {}: {} (incident {})", of, finished.remedy(), finished.detail(), tail);
      case IncidentEvent.Verified verified ->
          LOG.debug("{}: {} (incident {})", of, verified.detail(), tail);
      case IncidentEvent.Escalated escalated ->
          LOG.error("{} needs a person: {} (incident {})", of, escalated.reason(), id);
      case IncidentEvent.Closed closed ->
          LOG.info("{}: closed: {} (incident {})", of, closed.result(), tail);
    }
  }
}
