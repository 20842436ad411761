package io.selfheal.remedy;

import io.selfheal.config.Section;
import io.selfheal.message.DatabaseRequests;
import io.selfheal.message.DatabaseRequests.ListDatabases;
import io.selfheal.message.DatabaseRequests.Reset;
import io.selfheal.message.DatabaseRequests.ResetDone;
import io.selfheal.message.DatabaseRequests.State;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Task;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives a database whose breaker is open new connections, and waits for the breaker to close. It
 * closes by its own probe: what does not answer stays away. Key of {@code with}: {@code service}
 * (default: the one that the symptom is about).
 *
 * <p>Only the databases that the agent itself uses have a breaker so far: {@code database}, and
 * {@code source_NAME} of a source. Another service is refused.
 */
final class ResetBreaker implements Remedy {
  @Override
  public String name() {
    return "reset_breaker";
  }

  @Override
  public String description() {
    return "gives a database that is away new connections, and waits for its breaker to close";
  }

  @Override
  public Act read(Section with) {
    return new Resetting(with.text("service"));
  }

  private record Resetting(Optional<String> service) implements Act {
    @Override
    public Performed rehearse(Task task) throws TimeoutException {
      Optional<String> name = service.or(Named.of(task.subject())::service);
      List<State> states =
          task.around()
              .bus()
              .ask(DatabaseRequests.LIST, new ListDatabases(), task.deadline())
              .await(task.deadline().toMillis(), TimeUnit.MILLISECONDS)
              .databases();
      Optional<State> known =
          states.stream().filter(one -> name.filter(one.name()::equals).isPresent()).findFirst();
      if (known.isEmpty()) {
        List<String> names = states.stream().map(State::name).toList();
        return told(
            Outcome.REFUSED,
            "no breaker is named " + name.orElse(task.subject()) + "; there is: " + names);
      }
      String away = known.get().away();
      return away == null
          ? told(Outcome.ALREADY_DONE, "its breaker is closed: calls pass")
          : told(Outcome.DONE, "would make new connections to it; calls are refused now: " + away);
    }

    @Override
    public Performed perform(Task task) throws TimeoutException {
      Optional<String> name = service.or(Named.of(task.subject())::service);
      if (name.isEmpty()) {
        return told(Outcome.REFUSED, task.subject() + " is no service; write with: {service: …}");
      }
      ResetDone done =
          task.around()
              .bus()
              .ask(DatabaseRequests.RESET, new Reset(name.get()), task.deadline())
              .await(task.deadline().toMillis(), TimeUnit.MILLISECONDS);
      return told(done.outcome(), done.detail());
    }

    private static Performed told(Outcome outcome, String detail) {
      return new Performed(outcome, detail, List.of(), null);
    }
  }
}
