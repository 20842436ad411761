package io.selfheal.worker;

import io.selfheal.message.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Has systemd start, restart and stop units, and says how that went. Blocks. */
final class UnitWork {
  private static final Duration RESTART_LIMIT = Duration.ofSeconds(45);
  private static final int LOOKS = 8;
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** A question to systemd. */
  private interface Asking {
    Systemctl.Result ask() throws IOException, InterruptedException;
  }

  /** What one look at a unit comes to. */
  private interface Step {
    Look take(SystemdUnit now) throws IOException, InterruptedException;
  }

  /**
   * What it came to.
   *
   * @param over whether no other look is needed
   */
  private record Look(boolean over, Systemctl.Result result) {
    static Look over(Outcome outcome, String reason) {
      return new Look(true, new Systemctl.Result(outcome, reason));
    }

    static Look again(String reason) {
      return new Look(false, new Systemctl.Result(Outcome.DEFERRED, reason));
    }
  }

  private static Systemctl.Result asked(String what, Asking asking) {
    if (!Systemctl.booted()) {
      return new Systemctl.Result(Outcome.FAILED, "systemd does not run this host, so " + what);
    }
    try {
      return asking.ask();
    } catch (IOException failure) {
      return new Systemctl.Result(
          Outcome.FAILED, "systemctl cannot be run: " + failure.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new Systemctl.Result(Outcome.DEFERRED, "the agent is stopping");
    }
  }

  /** Looks until something comes of it, or for as long as it may take systemd to settle. */
  private static Systemctl.Result settle(String unit, Step step)
      throws IOException, InterruptedException {
    Systemctl.Result result = new Systemctl.Result(Outcome.DEFERRED, "");
    for (int i = 0; i < LOOKS; i++) {
      Systemctl.Answer answer = Systemctl.show(unit);
      if (answer.exit() != 0) {
        return unshown(unit, answer);
      }
      Look look = step.take(SystemdUnit.parse(answer.text()));
      result = look.result;
      if (look.over) {
        return result;
      }
      Thread.sleep(PAUSE);
    }
    return result;
  }

  /** Brings a unit back whose process is gone. */
  Systemctl.Result revive(String unit, UnitGone gone) {
    return asked(
        unit + " cannot be restarted", () -> settle(unit, now -> revival(unit, gone, now)));
  }

  private static Look revival(String unit, UnitGone gone, SystemdUnit now)
      throws IOException, InterruptedException {
    SystemdUnit.Advice advice = now.advise(unit, gone);
    String reason = advice.reason();
    return switch (advice.step()) {
      case RESTART -> new Look(true, restart(unit, now, reason));
      case UNWANTED -> Look.over(Outcome.UNWANTED, reason);
      case REFUSE -> Look.over(Outcome.REFUSED, reason);
      case FAIL -> Look.over(Outcome.FAILED, reason);
      case RUNS -> Look.over(Outcome.ALREADY_DONE, reason);
      case WAIT -> Look.again(reason);
    };
  }

  private static Systemctl.Result restart(String unit, SystemdUnit before, String reason)
      throws IOException, InterruptedException {
    Systemctl.Answer answer = Systemctl.run(RESTART_LIMIT, "restart", "--", unit);
    if (answer.exit() == 0) {
      return new Systemctl.Result(Outcome.DONE, reason + "; systemd restarted it");
    }
    SystemdUnit now = SystemdUnit.parse(Systemctl.show(unit).text());
    boolean starts = answer.exit() < 0 && now.active().equals("activating");
    return new Systemctl.Result(
        starts ? Outcome.DEFERRED : Outcome.FAILED,
        "%s; systemctl restart %s: %s%s%s"
            .formatted(
                reason,
                unit,
                answer.text(),
                UnitPlan.hint(answer.text()),
                now.unstarted(before, unit)));
  }

  /**
   * Has systemd restart, stop or start a unit, and waits for its job.
   *
   * @param limit how long the job may take
   * @param rehearse only say what would be done
   */
  Systemctl.Result act(UnitPlan plan, Duration limit, boolean rehearse) {
    return asked(
        "nothing can be done to " + plan.unit(),
        () -> settle(plan.unit(), now -> acted(plan, limit, rehearse, now)));
  }

  private static Look acted(UnitPlan plan, Duration limit, boolean rehearse, SystemdUnit now)
      throws IOException, InterruptedException {
    UnitPlan.Advice advice = plan.advise(now);
    String reason = advice.reason();
    Optional<Outcome> outcome = advice.step().outcome();
    if (outcome.isPresent()) {
      return Look.over(outcome.get(), reason);
    }
    if (advice.step() == UnitPlan.Step.WAIT) {
      return Look.again(reason);
    }
    return rehearse
        ? Look.over(Outcome.DONE, "would run " + plan.command() + "; " + reason)
        : new Look(true, done(plan, reason, limit));
  }

  private static Systemctl.Result done(UnitPlan plan, String reason, Duration limit)
      throws IOException, InterruptedException {
    Systemctl.Answer answer = Systemctl.run(limit, plan.verb(), "--", plan.unit());
    if (answer.exit() != 0) {
      return new Systemctl.Result(
          Outcome.FAILED, plan.failed(reason, answer.exit(), answer.text()));
    }
    Systemctl.Answer now = Systemctl.show(plan.unit());
    return now.exit() == 0
        ? plan.afterwards(reason, SystemdUnit.parse(now.text()))
        : unshown(plan.unit(), now);
  }

  /** Why no process of a unit is found that was just restarted. */
  Systemctl.Result missing(String unit) {
    return asked("no process of " + unit + " can be found", () -> afterRestart(unit));
  }

  private static Systemctl.Result afterRestart(String unit)
      throws IOException, InterruptedException {
    Systemctl.Answer answer = Systemctl.show(unit);
    if (answer.exit() != 0) {
      return unshown(unit, answer);
    }
    SystemdUnit.Advice advice = SystemdUnit.parse(answer.text()).afterRestart(unit);
    boolean waits = advice.step() == SystemdUnit.Step.WAIT;
    return new Systemctl.Result(waits ? Outcome.DEFERRED : Outcome.FAILED, advice.reason());
  }

  private static Systemctl.Result unshown(String unit, Systemctl.Answer answer) {
    return new Systemctl.Result(Outcome.FAILED, "systemctl show " + unit + ": " + answer.text());
  }
}
