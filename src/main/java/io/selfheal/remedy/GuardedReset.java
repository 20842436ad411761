package io.selfheal.remedy;

import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.ServiceRequests;
import io.selfheal.message.ServiceRequests.Breaker;
import io.selfheal.message.ServiceRequests.Force;
import io.selfheal.message.ServiceRequests.ForceAnswer;
import io.selfheal.message.ServiceRequests.ForceDone;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.rule.Task;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Closes the breaker of a service that workers call. */
record GuardedReset(String service, Breaker breaker) {
  Performed run(Task task, boolean rehearsal) throws TimeoutException {
    String state = breaker.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return switch (breaker.state()) {
      case CLOSED -> ResetBreaker.told(Outcome.ALREADY_DONE, "its breaker is closed: calls pass");
      case FORCED_OPEN, FORCED_CLOSED, DISABLED ->
          ResetBreaker.told(
              Outcome.UNWANTED, breaker.author() + " wants it " + state + ": " + breaker.reason());
      case OPEN, HALF_OPEN ->
          rehearsal
              ? ResetBreaker.told(
                  Outcome.DONE,
                  "would close its breaker, which is " + state + ": " + breaker.reason())
              : close(task);
    };
  }

  private Performed close(Task task) throws TimeoutException {
    Force force = new Force(service, Hand.RESET, "remedy reset_breaker", "selfheal", null);
    ForceAnswer answer = ResetBreaker.ask(task, ServiceRequests.FORCE, force);
    return answer instanceof ForceDone done
        ? ResetBreaker.told(
            done.outcome(), "its breaker is closed; it opens again when calls still fail")
        : ResetBreaker.told(Outcome.REFUSED, "there is no service " + service + " any more");
  }
}
