package io.selfheal.job;

import io.selfheal.message.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what is done with a running job. Pure. */
interface Rule {
  /**
   * Empty when the job is within what it is allowed.
   *
   * @param seenFor how long the agent has seen this very claim, by its own forward clock; null when
   *     that is not known
   */
  Optional<Judgement> judge(Candidate job, Verdict verdict, @Nullable Duration seenFor);
}
