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

  /** Brings a unit back whose process is gone. */
  Systemctl.Result revive(String unit, UnitGone gone) {
    if (!Systemctl.booted()) {
      return new Systemctl.Result(
          Outcome.FAILED, "systemd does not run this host, so " + unit + " cannot be restarted");
    }
    try {
      return settle(unit, gone);
    } catch (IOException failure) {
      return new Systemctl.Result(
          Outcome.FAILED, "systemctl cannot be run: " + failure.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new Systemctl.Result(Outcome.DEFERRED, "the agent is stopping");
    }
  }

  private Systemctl.Result settle(String unit, UnitGone gone)
      throws IOException, InterruptedException {
    String reason = "";
    for (int look = 0; look < LOOKS; look++) {
      Systemctl.Answer answer = Systemctl.show(unit);
      if (answer.exit() != 0) {
        return unshown(unit, answer);
      }
      SystemdUnit now = SystemdUnit.parse(answer.text());
      SystemdUnit.Advice advice = now.advise(unit, gone);
      reason = advice.reason();
      Optional<Systemctl.Result> result =
          switch (advice.step()) {
            case RESTART -> Optional.of(restart(unit, now, reason));
            case UNWANTED -> Optional.of(new Systemctl.Result(Outcome.UNWANTED, reason));
            case REFUSE -> Optional.of(new Systemctl.Result(Outcome.REFUSED, reason));
            case FAIL -> Optional.of(new Systemctl.Result(Outcome.FAILED, reason));
            case RUNS -> Optional.of(new Systemctl.Result(Outcome.ALREADY_DONE, reason));
            case WAIT -> Optional.empty();
          };
      if (result.isPresent()) {
        return result.get();
      }
      Thread.sleep(PAUSE);
    }
    return new Systemctl.Result(Outcome.DEFERRED, reason);
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
    if (!Systemctl.booted()) {
      return new Systemctl.Result(
          Outcome.FAILED,
          "systemd does not run this host, so nothing can be done to " + plan.unit());
    }
    try {
      return settle(plan, limit, rehearse);
    } catch (IOException failure) {
      return new Systemctl.Result(
          Outcome.FAILED, "systemctl cannot be run: " + failure.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new Systemctl.Result(Outcome.DEFERRED, "the agent is stopping");
    }
  }

  private static Systemctl.Result settle(UnitPlan plan, Duration limit, boolean rehearse)
      throws IOException, InterruptedException {
    String reason = "";
    for (int look = 0; look < LOOKS; look++) {
      Systemctl.Answer answer = Systemctl.show(plan.unit());
      if (answer.exit() != 0) {
        return unshown(plan.unit(), answer);
      }
      UnitPlan.Advice advice = plan.advise(SystemdUnit.parse(answer.text()));
      reason = advice.reason();
      Optional<Outcome> outcome = advice.step().outcome();
      if (outcome.isPresent()) {
        return new Systemctl.Result(outcome.get(), reason);
      }
      if (advice.step() == UnitPlan.Step.ACT) {
        return rehearse
            ? new Systemctl.Result(Outcome.DONE, "would run " + plan.command() + "; " + reason)
            : done(plan, reason, limit);
      }
      Thread.sleep(PAUSE);
    }
    return new Systemctl.Result(Outcome.DEFERRED, reason);
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
    try {
      Systemctl.Answer answer = Systemctl.show(unit);
      if (answer.exit() != 0) {
        return unshown(unit, answer);
      }
      SystemdUnit.Advice advice = SystemdUnit.parse(answer.text()).afterRestart(unit);
      boolean waits = advice.step() == SystemdUnit.Step.WAIT;
      return new Systemctl.Result(waits ? Outcome.DEFERRED : Outcome.FAILED, advice.reason());
    } catch (IOException failure) {
      return new Systemctl.Result(
          Outcome.FAILED, "systemctl cannot be run: " + failure.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new Systemctl.Result(Outcome.DEFERRED, "the agent is stopping");
    }
  }

  private static Systemctl.Result unshown(String unit, Systemctl.Answer answer) {
    return new Systemctl.Result(Outcome.FAILED, "systemctl show " + unit + ": " + answer.text());
  }
}
