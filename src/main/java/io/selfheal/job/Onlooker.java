package io.selfheal.job;

import io.selfheal.job.Pages.Page;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.FoundJob;
import io.selfheal.message.StuckJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Shows what the next sweep of a source would do. Waits.
 *
 * @param pages for who only wants to see
 * @param held what is held back from a judgement for now
 */
record Onlooker(String source, Pages pages, UnaryOperator<Judgement> held) {
  /** Job by job. */
  List<StuckJob> stuck(int limit) {
    List<StuckJob> jobs = new ArrayList<>();
    Optional<Page> page = pages.next();
    while (page.isPresent() && jobs.size() < limit) {
      page.get().stuck().stream()
          .limit(limit - jobs.size())
          .map(held)
          .forEach(judgement -> jobs.add(judgement.of(source)));
      page = jobs.size() < limit ? pages.next() : Optional.empty();
    }
    return jobs;
  }

  /** One running job, stuck or not. */
  FoundJob find(String id, Duration stuckAfter) {
    return pages
        .one(id)
        .map(
            one ->
                new FoundJob(
                    one.stuck().map(held).orElseGet(() -> within(one, stuckAfter)).of(source),
                    one.stuck().isPresent(),
                    null))
        .orElseGet(() -> new FoundJob(null, false, null));
  }

  private static Judgement within(Pages.One one, Duration stuckAfter) {
    String reason = "within what it is allowed: stuck_after is " + Ages.text(stuckAfter);
    return new Judgement(
        one.job(), one.verdict(), Effect.LEAVE, Judgement.Cause.NOTHING_PROVEN, reason);
  }
}
