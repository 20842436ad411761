package io.selfheal.job;

import io.selfheal.message.JobEvent;
import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.JobRequests.Unswept;
import io.selfheal.message.StuckJob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds the answers of several sources to one. */
final class SweptSum {
  private final boolean dryRun;
  private final boolean only;
  private final List<StuckJob> jobs = new ArrayList<>();
  private final Map<String, String> problems = new LinkedHashMap<>();
  private final Map<String, Unswept> unswept = new LinkedHashMap<>();
  private int sources;
  private long looked;
  private long rescued;
  private long more;

  /**
   * @param only whether there is but one source to ask
   */
  SweptSum(boolean dryRun, boolean only) {
    this.dryRun = dryRun;
    this.only = only;
  }

  /** Takes in what one source answered, and whether that was asked for or is of one worker. */
  void add(String source, boolean bound, SourceSweeper.Answer answer) {
    sources++;
    looked += answer.looked();
    rescued += answer.rescued();
    int room = Told.MOST - jobs.size();
    int told = Math.min(room, answer.jobs().size());
    jobs.addAll(answer.jobs().subList(0, told));
    more += answer.more() + untold(answer, told);
    SourceSweeper.Unfinished end = answer.unfinished();
    if (end != null) {
      problems.put(source, end.problem());
      unswept.put(source, new Unswept(bound, only, end.hindrance()));
    }
  }

  /** A source was asked for that is not there. */
  void gone(String source, String problem) {
    problems.put(source, problem);
    unswept.put(source, new Unswept(true, Hindrance.GONE));
  }

  private static long untold(SourceSweeper.Answer answer, int told) {
    return answer.jobs().stream().skip(told).filter(SweptSum::acts).count();
  }

  private static boolean acts(StuckJob job) {
    return job.effect() != JobEvent.Effect.LEAVE;
  }

  Swept swept() {
    return new Swept(dryRun, sources, looked, rescued, jobs, more, problems, unswept);
  }
}
