package io.selfheal.job;

import io.selfheal.config.Section;
import io.selfheal.message.JobEvent.Effect;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * pg-boss 11 and 12. Keys: {@code schema} (pgboss); {@code queues}, the only ones that are looked
 * at (default: all).
 *
 * <p>Running means: {@code state = 'active'}. No column says who holds a job; only with {@code
 * holder.worker} and {@code holder.only} the processes of that worker prove it together. Where
 * several workers work on one table, write a source for each, with its queues. Of a worker with
 * several processes that take from the same queues a death proves nothing while another one lives
 * that could have the job: the job stays unknown, and says so, until those have ended, too, or the
 * library's own expiry takes it (15 minutes by default). Only a worker of one process is proven
 * dead at once; so give each process queues and a source of its own where that matters. The age is
 * since {@code started_on}, by the database's clock. {@code heartbeat_on} is written when a job is
 * taken; it is a sign of life only of jobs with {@code heartbeat_seconds}, and of those that were
 * touched since. Let {@code heartbeat_grace} be no shorter than the longest of them.
 *
 * <p>A rescue does what the library's own expiry does, without its wait for {@code expire_seconds}
 * and the monitor: the row is deleted and inserted anew. With retries left it is {@code retry}, due
 * by its delay and backoff; {@code started_on} stays, because by it the next fetch counts the
 * retry. Without, or in a stately queue where another job with its key waits for a retry already,
 * it is {@code failed}, and its copy goes to the {@code dead_letter} queue with the options of that
 * queue. The output has the shape of the library's. An id is the array of queue and job.
 *
 * <p>Weakness: who completes a job compares the id, and that it is active. Since 12.35 a worker
 * also compares {@code retry_count}; but nothing tells whether all workers are that new, and calls
 * of {@code complete} with a bare id do not. So a late worker could complete the next attempt, and
 * only proof of death acts, unless {@code act_on_unknown} is set; then {@code stuck_after} must be
 * longer than the longest {@code expire_seconds}, or healthy long jobs run twice. Before 12.27, the
 * library's backoff grew a little differently; jobs get that of now. The version 10 has other
 * columns, and is not swept.
 *
 * <p>The advised index is of the whole partitioned table, so that queues made later have it, too;
 * it is made partition by partition, see {@link IndexAdvice}.
 */
final class BossPreset implements Preset {
  @Override
  public String name() {
    return "pg-boss";
  }

  @Override
  public Layout read(Section source) {
    List<String> queues = source.texts("queues", List.of());
    if (queues.stream().anyMatch(BossPreset::unusable)) {
      source.reject("queues", "has an empty name or a control character", "");
      queues = List.of();
    }
    return new Tables(Schemas.read(source, "pgboss"), queues);
  }

  private static boolean unusable(String queue) {
    return queue.isBlank() || queue.chars().anyMatch(Character::isISOControl);
  }

  /**
   * The library's tables; their names are fixed.
   *
   * @param queues the only ones that are looked at; empty: all
   */
  record Tables(String schema, List<String> queues) implements Layout {
    /** Copies the list. */
    Tables {
      queues = List.copyOf(queues);
    }

    @Override
    public TableName table() {
      return new TableName(schema, "job");
    }

    @Override
    public List<TableName> others() {
      return List.of(queue());
    }

    TableName queue() {
      return new TableName(schema, "queue");
    }

    @Override
    public List<String> key() {
      return List.of("name", "id");
    }

    @Override
    public boolean hasHolder() {
      return false;
    }

    @Override
    public boolean hasHeartbeat() {
      return true;
    }

    @Override
    public boolean hasOwnRule() {
      return true;
    }

    @Override
    public boolean hasDeadLetters() {
      return true;
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
      return "it is then failed in "
          + table()
          + (effect == Effect.DEAD_LETTER
              ? ", and its queue's dead letter queue has a copy"
              : ", and its queue has no dead letter queue")
          + "; retry(queue, id) of pg-boss brings it back, with the two parts of its id";
    }

    @Override
    public Probed probe(Catalog catalog, Reach reach) {
      return Fitness.of(table(), catalog, needs(catalog))
          .<Probed>map(Probed.Unfit::new)
          .orElseGet(() -> new Probed.Fit(new BossSql(this, catalog, reach).statements()));
    }

    /** To lock a row takes the right to change some column of it, though none is changed. */
    private List<Need> needs(Catalog catalog) {
      Need queue =
          Need.table(queue())
              .reads(Kind.TEXT, "name")
              .reads(Kind.WHOLE, "retry_limit", "retry_delay", "retention_seconds")
              .reads(Kind.WHOLE, "deletion_seconds")
              .reads(Kind.FLAG, "retry_backoff");
      return List.of(
          rest(catalog, known(catalog)).writes("state").inserts().deletes(),
          BossRescue.hasSource(catalog)
              ? queue.reads(Kind.WHOLE, "expire_seconds", "heartbeat_seconds")
              : queue);
    }

    /** What waits is told by the order of the states. */
    private Need known(Catalog catalog) {
      Need known =
          Need.table(table())
              .reads(Kind.UUID, "id")
              .reads(Kind.TEXT, "name", "singleton_key", "dead_letter", "policy")
              .reads(Kind.WHOLE, "priority", "retry_limit", "retry_count", "retry_delay")
              .reads(Kind.WHOLE, "retry_delay_max", "expire_seconds", "deletion_seconds")
              .reads(Kind.FLAG, "retry_backoff")
              .reads(Kind.ZONED, "start_after", "started_on", "completed_on", "keep_until")
              .reads(Kind.JSONB, "output")
              .reads("data", "created_on")
              .states(Kind.ENUM, "state", "created", "retry", "active", "failed");
      return BossSql.beats(catalog)
          ? known.reads(Kind.ZONED, "heartbeat_on").reads(Kind.WHOLE, "heartbeat_seconds")
          : known;
    }

    /** Also those that are not known here: the row is inserted anew with all its columns. */
    private static Need rest(Catalog catalog, Need known) {
      Set<String> more = new TreeSet<>(catalog.columns().keySet());
      known.reads().forEach(more::remove);
      return known.reads(more.toArray(String[]::new));
    }
  }
}
