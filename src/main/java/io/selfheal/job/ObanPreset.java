package io.selfheal.job;

import io.selfheal.config.Section;
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
    public boolean hasHolder() {
      return true;
    }

    @Override
    public boolean hasHeartbeat() {
      return false;
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
    public Probed probe(Catalog catalog, Reach reach) {
      Need need =
          Need.table(table)
              .reads("id", "state", "attempt", "max_attempts", "attempted_at", "attempted_by")
              .reads("discarded_at")
              .writes("state", "discarded_at");
      return Fitness.of(table, catalog, List.of(need))
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(
              () -> new Probed.Fit(new ObanSql(table, catalog, reach).statements().unsure()));
    }
  }
}
