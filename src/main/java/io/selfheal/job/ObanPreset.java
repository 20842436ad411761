package io.selfheal.job;

import io.selfheal.config.Section;
import io.selfheal.message.JobEvent.Effect;
import java.util.List;

/**
 * Oban. Key: {@code schema} (public), which Oban calls its prefix.
 *
 * <p>Running means: {@code state = 'executing'}. The holder is the first of {@code attempted_by}:
 * the {@code node} of the Oban instance, by default a host or an Erlang node, which proves nothing;
 * configure it as {@code host:pid} and its death is proven. The age is since {@code attempted_at},
 * by the clock of the node; jobs have no heartbeat.
 *
 * <p>A rescue does what the library's Lifeline plugin does, without its hour of waiting: a job with
 * attempts left becomes {@code available}, one without {@code discarded}. Neither gets an entry in
 * {@code errors}.
 *
 * <p>Weakness: a node completes a job by its id alone, so a late one could complete the next
 * attempt; only proof of death acts, unless {@code act_on_unknown} is set.
 */
final class ObanPreset implements Preset {
  @Override
  public String name() {
    return "oban";
  }

  @Override
  public Layout read(Section source) {
    return new Table(new TableName(Schemas.read(source, "public"), "oban_jobs"));
  }

  /** The library's table; its name is fixed. */
  record Table(TableName table) implements Layout {
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
      return "set node in the config of each Oban to its host:pid";
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
    public boolean fenced() {
      return false;
    }

    @Override
    public String afterwards(Effect effect, String id) {
      return "it is then discarded in "
          + table
          + ", until Oban prunes such jobs; Oban.retry_job("
          + id
          + ") brings it back";
    }

    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      Need need =
          Need.table(table)
              .reads(Kind.WHOLE, "id", "attempt", "max_attempts")
              .reads(Kind.TIME, "attempted_at", "discarded_at")
              .reads(Kind.TEXTS, "attempted_by")
              .states(Kind.STATE, "state", "available", "executing", "discarded")
              .writes("state", "discarded_at");
      return Fitness.of(table, catalog, List.of(need))
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(
              () -> new Probed.Fit(new ObanSql(table, catalog, reach).statements().unsure()));
    }
  }
}
