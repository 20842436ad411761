package io.selfheal.job;

import io.selfheal.message.StuckJob;
import java.util.ArrayList;
import java.util.List;

/** The jobs in the answer of one sweep, within bounds. */
final class Told {
  /** Jobs in an answer. */
  static final int MOST = 1000;

  /** Of these, jobs that are left: they must not crowd out those that are changed. */
  static final int MOST_LEFT = 100;

  private final String source;
  private final List<StuckJob> jobs = new ArrayList<>();
  private int left;
  private long more;

  Told(String source) {
    this.source = source;
  }

  void add(Judgement judgement) {
    boolean room = jobs.size() < MOST && (judgement.acts() || left < MOST_LEFT);
    if (room) {
      jobs.add(judgement.of(source));
      left += judgement.acts() ? 0 : 1;
    } else if (judgement.acts()) {
      more++;
    }
  }

  /** Tells another thing of a job, if it is among them. */
  void instead(Judgement judgement) {
    StuckJob other = judgement.of(source);
    jobs.replaceAll(job -> job.jobId().equals(other.jobId()) ? other : job);
  }

  List<StuckJob> jobs() {
    return jobs;
  }

  /** Jobs that were changed, or would be, and are not among them. */
  long more() {
    return more;
  }
}
