package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.UnitRequests.Verb;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to be done to a service, and what follows from how systemd says it is. Pure.
 *
 * @param seen the pid of the process that was seen and, as far as is known, still runs in it; 0
 *     when it is gone; {@link #ANY} for whichever runs
 */
record UnitPlan(String unit, Verb what, long seen) {
  /** No process is meant in particular. */
  static final long ANY = -1;

  /** What to do. */
  enum Step {
    /** Ask systemd for it. */
    ACT(null),
    /** Look again soon: systemd is at it. */
    WAIT(null),
    /** It is so already. */
    NOTHING(Outcome.ALREADY_DONE),
    /** It was stopped on purpose, or ended as it should. */
    UNWANTED(Outcome.UNWANTED),
    /** Only a person can do it. */
    REFUSE(Outcome.REFUSED),
    /** Nothing is known of it. */
    FAIL(Outcome.FAILED);

    private final Optional<Outcome> outcome;

    Step(@org.jspecify.annotations.Nullable Outcome outcome) {
      this.outcome = Optional.ofNullable(outcome);
    }

    /** What it comes to at once; empty when something is still to be done. */
    Optional<Outcome> outcome() {
      return outcome;
    }
  }

  /** What to do, and why in words for an operator. */
  record Advice(Step step, String reason) {}

  /** The word of systemctl for it. */
  String verb() {
    return what.name().toLowerCase(Locale.ROOT);
  }

  String command() {
    return "systemctl " + verb() + " " + unit;
  }

  Advice advise(SystemdUnit now) {
    String state = unit + " is " + now.active() + " (" + now.sub() + ")";
    boolean loaded = now.loaded().equals("loaded") || now.loaded().isEmpty();
    if (!loaded && what != Verb.STOP) {
      return new Advice(Step.REFUSE, unit + " " + now.unloadable(unit));
    }
    return switch (now.active()) {
      case "active", "reloading", "refreshing" -> running(state, now);
      case "activating" -> activating(state, now);
      case "deactivating" -> new Advice(Step.WAIT, "systemd is stopping " + unit);
      case "failed", "inactive" -> down(state, now);
      case "maintenance" -> new Advice(Step.REFUSE, unit + " is in maintenance");
      default -> new Advice(Step.FAIL, "systemd does not say how " + unit + " is");
    };
  }

  private Advice running(String state, SystemdUnit now) {
    String as = now.mainPid() == 0 ? "" : " as pid " + now.mainPid();
    if (what == Verb.START) {
      return new Advice(Step.NOTHING, state + as);
    }
    // The notice of the end of the one that was seen may still be on its way.
    if (seen != ANY && now.mainPid() != 0 && now.mainPid() != seen) {
      return new Advice(Step.NOTHING, state + as + ": that is another process than was seen");
    }
    return new Advice(Step.ACT, state + as);
  }

  /** A process that hangs while it starts is restarted; without one systemd is left to its work. */
  private Advice activating(String state, SystemdUnit now) {
    boolean act = what == Verb.STOP || (what == Verb.RESTART && seen != 0 && seen == now.mainPid());
    return new Advice(act ? Step.ACT : Step.WAIT, state + " as pid " + now.mainPid());
  }

  private Advice down(String state, SystemdUnit now) {
    if (what == Verb.STOP) {
      // A start that is due is taken back by a stop.
      return new Advice(now.startIsDue() ? Step.ACT : Step.NOTHING, state);
    }
    if (now.startIsDue()) {
      return new Advice(Step.WAIT, state + ", and systemd is to start it");
    }
    if (what == Verb.RESTART && now.wantedDown()) {
      return new Advice(Step.UNWANTED, now.unwanted(unit));
    }
    return new Advice(Step.ACT, state + ", " + now.result());
  }

  /**
   * What systemctl says when it fails.
   *
   * @param exit its status; negative when it did not answer in time
   */
  String failed(String before, int exit, String text) {
    String hint =
        exit < 0
            ? ": systemd goes on with its job; see systemctl list-jobs and systemctl status " + unit
            : hint(text);
    return before + "; " + command() + ": " + text + hint;
  }

  /** How to mend what systemctl says; empty when nothing is known. */
  static String hint(String text) {
    return text.contains("authentication required") || text.contains("Access denied")
        ? ": the agent's user may not do that; let polkit allow it, or run the agent as root"
        : "";
  }

  /** How it is when the job is done. */
  Systemctl.Result afterwards(String before, SystemdUnit now) {
    String after = "; after " + command() + " it is " + now.active() + " (" + now.sub() + ")";
    boolean good =
        what == Verb.STOP
            ? now.active().equals("inactive") || now.active().equals("failed")
            : now.active().equals("active") || now.active().equals("reloading");
    boolean waits = now.active().equals("activating") || now.active().equals("deactivating");
    String see = good ? "" : "; see journalctl -u " + unit;
    Outcome outcome = good ? Outcome.DONE : waits ? Outcome.DEFERRED : Outcome.FAILED;
    return new Systemctl.Result(outcome, before + after + see);
  }
}
