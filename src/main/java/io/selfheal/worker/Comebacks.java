package io.selfheal.worker;

import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests.Liveness;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits for the followers of processes whose units somebody had systemd restart. A new process that
 * dies young is never watched, so nobody would miss it: the loss is then told of the one before. On
 * the verticle's context.
 */
final class Comebacks {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Tools tools;
  private final Roster roster;
  private final Systemctl systemctl = new Systemctl();

  Comebacks(Tools tools, Roster roster) {
    this.tools = tools;
    this.roster = roster;
  }

  /**
   * Waits until another process of the same worker is watched.
   *
   * @param before the loss of the process that was there, had nobody asked for its end
   */
  void await(String unit, WorkerEvent.Lost before) {
    tools.vertx().setTimer(EVERY.toMillis(), id -> look(unit, before));
  }

  private void look(String unit, WorkerEvent.Lost before) {
    if (isBack(before)) {
      return;
    }
    tools
        .blocking(() -> systemctl.state(unit))
        .otherwise(Optional.empty())
        .onSuccess(
            now -> now.ifPresentOrElse(one -> judge(unit, before, one), () -> await(unit, before)));
  }

  private boolean isBack(WorkerEvent.Lost before) {
    Member member = roster.member(before.worker());
    return member == null || Comeback.isBack(before.process(), member.newest);
  }

  private void judge(String unit, WorkerEvent.Lost before, SystemdUnit now) {
    if (isBack(before)) {
      return;
    }
    switch (Comeback.of(now)) {
      case DROP -> {}
      case WAIT -> await(unit, before);
      case FAILED -> lost(unit, before, now);
    }
  }

  private void lost(String unit, WorkerEvent.Lost before, SystemdUnit now) {
    Member member = roster.member(before.worker());
    Slot slot = member == null ? null : member.slots.get(before.instance());
    if (slot != null) {
      slot.gone = Liveness.LOST;
    }
    tools
        .bus()
        .publish(
            new WorkerEvent.Lost(
                before.worker(),
                before.instance(),
                before.process(),
                before.owner(),
                "ended as somebody had systemd restart %s, which did not come back: it is %s (%s), %s"
                    .formatted(unit, now.active(), now.sub(), now.result()),
                tools.time().now(),
                before.uptime(),
                WorkerEvent.End.CRASHED));
  }
}
