package io.selfheal.job;

import io.selfheal.config.Section;
import java.util.List;

/**
 * JobRunr 8: its stuck jobs are found and explained, and none is touched. Keys: {@code schema}
 * (public), {@code prefix} (none: the library's {@code tablePrefix} without a schema).
 *
 * <p>Running means: {@code state = 'PROCESSING'}. The holder is the name of the background job
 * server in the newest entry of the job's history; by default it is the host and proves nothing, so
 * configure it as {@code host:pid} and its death is proven. The age is since that entry, by the
 * server's clock; {@code updatedAt} is the heartbeat of the job.
 *
 * <p>By the library's own rule a job is orphaned when its heartbeat is older than four poll
 * intervals, 60 seconds unless the servers' rows say other intervals: then the longest running
 * server fails the job, and its retries begin. A multiplicand other than four is not known here.
 *
 * <p>Why nothing is touched: the columns are a copy of {@code jobAsJson}, which the library reads
 * the job from and writes as a whole. A rescue of the columns alone would let the two tell
 * different things, and one within the text would have to do the library's filters and retries.
 *
 * <p>Weakness: a text in {@code jobAsJson} that is not JSON stops the look at the source; the
 * library cannot read such a job either. The text of each running job is read at every look.
 */
final class JobRunrPreset implements Preset {
  @Override
  public String name() {
    return "jobrunr";
  }

  @Override
  public Layout read(Section source) {
    return new Tables(Schemas.read(source, "public"), Prefixes.read(source, ""));
  }

  /** The library's tables. */
  record Tables(String schema, String prefix) implements Layout {
    private static final String WHY =
        "JobRunr reads its jobs from jobAsJson, and a row that is changed from outside is corrupt";

    private static final String REMEDY =
        "wait, if a server lives: its master fails the job as orphaned and retries it; or start a"
            + " server; or requeue the job in JobRunr's dashboard";

    @Override
    public TableName table() {
      return new TableName(schema, prefix + "jobrunr_jobs");
    }

    @Override
    public List<TableName> others() {
      return List.of(servers());
    }

    TableName servers() {
      return new TableName(schema, prefix + "jobrunr_backgroundjobservers");
    }

    @Override
    public boolean hasHolder() {
      return true;
    }

    @Override
    public String holderAdvice() {
      return "set the name of each background job server to its host:pid";
    }

    @Override
    public boolean hasHeartbeat() {
      return true;
    }

    @Override
    public boolean hasDeadLetters() {
      return false;
    }

    @Override
    public boolean rescues() {
      return false;
    }

    @Override
    public Rule rule(Limits limits) {
      return new HandsOff(limits, WHY, REMEDY);
    }

    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      List<Need> needs =
          List.of(
              Need.table(table())
                  .reads(Kind.TEXT, "id", "state", "jobasjson")
                  .reads(Kind.TIME, "updatedat"),
              Need.table(servers())
                  .reads(Kind.TEXT, "id", "name")
                  .reads(Kind.WHOLE, "pollintervalinseconds")
                  .reads(Kind.TIME, "lastheartbeat"));
      return Fitness.of(table(), catalog, needs)
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(() -> new Probed.Fit(new JobRunrSql(this, catalog).statements()));
    }
  }
}
