package io.selfheal.job;

import io.selfheal.config.Section;
import io.selfheal.message.JobEvent.Effect;
import java.util.List;

/**
 * River. Key: {@code schema} (public).
 *
 * <p>Running means: {@code state = 'running'}. The holder is the last of {@code attempted_by}: the
 * client's {@code ID}, which by default is made of the host and the time of its start and so proves
 * nothing; configure it as {@code host:pid} and its death is proven. The age is since {@code
 * attempted_at}; jobs have no heartbeat.
 *
 * <p>A rescue does what the library's rescuer does, without its hour of waiting: a job with
 * attempts left becomes {@code retryable}, due as its default retry policy says (the fourth power
 * of the number of failures, in seconds, give or take a tenth; a policy of the application's own is
 * not known here); one without becomes {@code discarded}; one that somebody asked to cancel becomes
 * {@code cancelled}. Each gets an entry in {@code errors} and {@code river:rescue_count} in its
 * metadata. A kind that no client works any more is not discarded for that.
 *
 * <p>Weakness: a client completes a job by its id while it runs, whoever runs it. So a late client
 * could complete the next attempt, and only proof of death acts, unless {@code act_on_unknown} is
 * set; the library's own rescuer goes on beside it.
 */
final class RiverPreset implements Preset {
  @Override
  public String name() {
    return "river";
  }

  @Override
  public Layout read(Section source) {
    return new Table(new TableName(Schemas.read(source, "public"), "river_job"));
  }

  /** The library's table; its name is fixed. */
  record Table(TableName table) implements Layout {
    private static final String[] STATES = {
      "available", "running", "retryable", "discarded", "cancelled"
    };

    @Override
    public List<String> key() {
      return List.of("id");
    }

    @Override
    public boolean hasHolder() {
      return true;
    }

    @Override
    public String holderAdvice() {
      return "set ID in the config of each River client to its host:pid";
    }

    @Override
    public boolean hasHeartbeat() {
      return false;
    }

    @Override
    public boolean hasOwnRule() {
      return true;
    }

    @Override
    public boolean hasDeadLetters() {
      return false;
    }

    @Override
    public boolean timesByDatabase() {
      return true;
    }

    @Override
    public boolean fenced() {
      return false;
    }

    @Override
    public String afterwards(Effect effect, String id) {
      return "it is then in "
          + table
          + "; River's client brings it back with JobRetry, its UI with Retry";
    }

    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      Need need =
          Need.table(table)
              .reads(Kind.WHOLE, "id", "attempt", "max_attempts")
              .reads(Kind.ZONED, "attempted_at", "finalized_at", "scheduled_at")
              .reads(Kind.TEXTS, "attempted_by")
              .reads(Kind.JSONBS, "errors")
              .reads(Kind.JSONB, "metadata")
              .states(Kind.STATE, "state", STATES)
              .writes("errors", "finalized_at", "metadata", "scheduled_at", "state");
      return Fitness.of(table, catalog, List.of(need))
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(() -> new Probed.Fit(new RiverSql(table, catalog, reach).statements()));
    }
  }
}
