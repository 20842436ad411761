package io.selfheal.heal;

import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import java.time.Duration;
import java.util.List;

/**
 * Decides about an invented death and forgets it: the first real one then finds its classes loaded,
 * which takes longer than the decision. Nothing is published, written or done.
 */
final class Rehearsal {
  private static final String NOBODY = "rehearsal";

  private Rehearsal() {}

  /** Gives the move that nobody carries out. */
  static Move run(World world) {
    ProcessIdentity process = new ProcessIdentity(NOBODY, 1, 1);
    WorkerEvent.Lost lost =
        new WorkerEvent.Lost(
            NOBODY, NOBODY, process, Owner.AGENT, NOBODY, world.now().wall(), Duration.ZERO);
    Match match = BuiltIns.match(lost).orElseThrow();
    Move opened = IncidentPlan.open(match, NOBODY, NOBODY, List.of(), world);
    Input written = new Input.Saved(opened.next().disk().revision());
    return IncidentPlan.react(opened.next(), written, world);
  }
}
