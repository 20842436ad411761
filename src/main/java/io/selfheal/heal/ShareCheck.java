package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Refuse;
import io.selfheal.heal.Ruling.Wait;
import io.selfheal.rule.Guards;
import org.jspecify.annotations.Nullable;

/** Of one worker's processes only some are out of work at once because of the agent. */
final class ShareCheck {
  private ShareCheck() {}

  /** The share: always one, and no second while it is not known how many run. */
  static Ruling judge(Attempt attempt, Around around) {
    @Nullable Crew crew = around.crew();
    if (crew == null || !Reach.endsProcesses(attempt.remedy())) {
      return new Allowed("it stops no process of a worker");
    }
    Guards guards = attempt.rule().guards();
    int all = crew.running().isEmpty() ? 0 : crew.running().getAsInt() + crew.healing();
    int most = Math.max(1, (int) Math.floor(all * guards.share()));
    String told =
        "%d of %s processes of %s are in remedies, at most %d may be"
            .formatted(
                crew.healing(),
                crew.running().isEmpty() ? "an unknown number of" : String.valueOf(all),
                crew.worker(),
                most);
    return crew.healing() < most ? new Allowed(told) : new Wait(null, told);
  }

  /** The last one that runs: never where it is configured so. */
  static Ruling last(Attempt attempt, Around around) {
    @Nullable Crew crew = around.crew();
    if (!attempt.rule().guards().keepLast()) {
      return new Allowed("keep_last is not set");
    }
    if (crew == null || !Reach.endsProcesses(attempt.remedy()) || !crew.subjectRuns()) {
      return new Allowed("it stops no running process of a worker");
    }
    if (crew.running().isEmpty()) {
      return new Wait(null, "how many processes of " + crew.worker() + " run is not known");
    }
    int others = crew.running().getAsInt() - 1;
    if (others > 0) {
      return new Allowed(Words.count(others, "other") + " of " + crew.worker() + " run");
    }
    String only = "it is the only process of " + crew.worker() + " that runs";
    return crew.healing() > 0
        ? new Wait(null, only + " while others are being healed")
        : new Refuse(only);
  }
}
