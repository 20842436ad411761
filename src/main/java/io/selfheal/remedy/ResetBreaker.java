package io.selfheal.remedy;

import io.selfheal.bus.RequestFailed;
import io.selfheal.config.Section;
import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.DatabaseRequests.ListDatabases;
import io.selfheal.message.DatabaseRequests.Reset;
import io.selfheal.message.DatabaseRequests.ResetDone;
import io.selfheal.message.DatabaseRequests.State;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Request;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.ServiceRequests.ReadAnswer;
import io.selfheal.message.ServiceRequests.ReadService;
import io.selfheal.message.ServiceRequests.Service;
import io.selfheal.message.ServiceRequests.Unknown;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resets the breaker of a service. A database of the agent's own is given new connections, and its
 * breaker closes by its own probe: what does not answer stays away. The breaker of a service that
 * workers call is closed, with nothing counted; it opens again by itself when calls still fail. One
 * that a person has forced is left as it is. Key of {@code with}: {@code service} (default: the one
 * that the symptom is about).
 */
final class ResetBreaker implements Remedy {
  @Override
  public String name() {
    return "reset_breaker";
  }

  @Override
  public String description() {
    return "closes the breaker of a service; a database that is away is given new connections";
  }

  @Override
  public Act read(Section with) {
    return new Resetting(with.text("service"));
  }

  private record Resetting(Optional<String> service) implements Act {
    @Override
    public Performed rehearse(Task task) throws TimeoutException {
      return reset(task, true);
    }

    @Override
    public Performed perform(Task task) throws TimeoutException {
      return reset(task, false);
    }

    private Performed reset(Task task, boolean rehearsal) throws TimeoutException {
      Optional<String> name = service.or(Named.of(task.subject())::service);
      if (name.isEmpty()) {
        return told(Outcome.REFUSED, task.subject() + " is no service; write with: {service: …}");
      }
      Optional<ReadAnswer> answer = guarded(task, name.get());
      if (answer.isPresent() && answer.get() instanceof Service known) {
        return new GuardedReset(known.name(), known.breaker()).run(task, rehearsal);
      }
      List<State> databases = ask(task, DatabaseRequests.LIST, new ListDatabases()).databases();
      Optional<State> database =
          databases.stream().filter(one -> one.name().equals(name.get())).findFirst();
      if (database.isEmpty()) {
        return told(Outcome.REFUSED, unknown(name.get(), databases, answer));
      }
      if (rehearsal) {
        return rehearsed(database.get());
      }
      ResetDone done = ask(task, DatabaseRequests.RESET, new Reset(name.get()));
      return told(done.outcome(), done.detail());
    }

    /** Empty: no part guards services. */
    private static Optional<ReadAnswer> guarded(Task task, String name) throws TimeoutException {
      try {
        return Optional.of(ask(task, ServiceRequests.READ, new ReadService(name)));
      } catch (RequestFailed failure) {
        if (failure.reason() == RequestFailed.Reason.NOBODY_ANSWERS) {
          return Optional.empty();
        }
        throw failure;
      }
    }

    private static String unknown(String name, List<State> databases, Optional<ReadAnswer> answer) {
      List<String> near =
          answer
              .filter(Unknown.class::isInstance)
              .map(one -> ((Unknown) one).near())
              .orElse(List.of());
      return "no service is named "
          + name
          + (near.isEmpty() ? "" : ", but " + String.join(", ", near))
          + "; databases of the agent: "
          + databases.stream().map(State::name).toList();
    }

    private static Performed rehearsed(State database) {
      String away = database.away();
      return away == null
          ? told(Outcome.ALREADY_DONE, "its breaker is closed: calls pass")
          : told(Outcome.DONE, "would make new connections to it; calls are refused now: " + away);
    }
  }

  static <Q, R> R ask(Task task, Request<Q, R> request, Q query) throws TimeoutException {
    return task.around()
        .bus()
        .ask(request, query, task.deadline())
        .await(task.deadline().toMillis(), TimeUnit.MILLISECONDS);
  }

  static Performed told(Outcome outcome, String detail) {
    return new Performed(outcome, detail, List.of(), null);
  }
}
