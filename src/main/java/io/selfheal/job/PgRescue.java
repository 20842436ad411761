package io.selfheal.job;

import io.selfheal.job.PgTransactions.Step;
import io.selfheal.message.JobEvent.Effect;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes jobs of one source that are still as they were read. Every call is one transaction. It
 * fails with {@link SourceFailed}.
 */
final class PgRescue {
  /**
   * Rows are never waited for; a lock on the table, or a trigger's, is, but not for long. The
   * commit does not wait for the disk, so that row locks are held shortly: should the server crash
   * in that moment, the jobs are stuck as before and rescued again, and a worker that has taken one
   * in between has made its rescue durable with its own commit.
   */
  private static final String LIMITS =
      "SET LOCAL lock_timeout = '500ms'; SET LOCAL statement_timeout = '10s';"
          + " SET LOCAL synchronous_commit = off";

  /**
   * What is new in a GIN index waits in a list. The transaction that fills that up (4 MB by
   * default) sorts all of it in, and keeps its row locks meanwhile: 0.2 s in a table of ten million
   * rows. A gentle one leaves it to the next that changes a row, so that the list grows no longer;
   * where the others write into other tables only, to the next vacuum, or to itself when there are
   * 64 MB. An index whose own storage parameter says how long its list may be keeps to that.
   */
  private static final String GENTLE = LIMITS + "; SET LOCAL gin_pending_list_limit = '64MB'";

  /** What it is doing, in a sentence with the table's name behind it. */
  static final String DOING = "rescue jobs of";

  private final PgTransactions transactions;
  private final String limits;

  private PgRescue(PgTransactions transactions, String limits) {
    this.transactions = transactions;
    this.limits = limits;
  }

  /** For a database in which nobody else writes. */
  static PgRescue quick(PgTransactions transactions) {
    return new PgRescue(transactions, LIMITS);
  }

  /** For a database in which others write, or may. */
  static PgRescue gentle(PgTransactions transactions) {
    return new PgRescue(transactions, GENTLE);
  }

  /** Changes those of the jobs that are still as they were read, by their ids; answers which. */
  Future<Set<String>> byIds(Statements statements, List<Judgement> jobs) {
    List<Step> steps = new ArrayList<>();
    byEffect(jobs).forEach((effect, of) -> steps.addAll(steps(statements, effect, of)));
    return change(steps).map(PgRescue::changed);
  }

  /**
   * Changes those of the jobs that are still as they were read and can be told as a {@link
   * Stretch}; answers which. The others may be as they were read, too.
   */
  Future<Set<String>> byStretches(Statements statements, List<Judgement> jobs) {
    List<Step> steps = new ArrayList<>();
    List<List<Candidate>> stretches = new ArrayList<>();
    byEffect(jobs)
        .forEach(
            (effect, of) -> {
              String sql = statements.stretches().get(effect);
              Optional<Stretch> stretch = sql == null ? Optional.empty() : Stretch.of(of);
              stretch.ifPresent(
                  one -> {
                    steps.add(new Step(String.valueOf(sql), arguments(one)));
                    stretches.add(of);
                  });
            });
    return steps.isEmpty()
        ? Future.succeededFuture(Set.of())
        : change(steps).map(answers -> changed(answers, stretches));
  }

  private static Set<String> changed(List<RowSet<Row>> answers, List<List<Candidate>> stretches) {
    Set<String> changed = PgStretchAnswer.changed(answers.getFirst(), stretches.getFirst());
    for (int i = 1; i < answers.size(); i++) {
      changed.addAll(PgStretchAnswer.changed(answers.get(i), stretches.get(i)));
    }
    return changed;
  }

  private static Map<Effect, List<Candidate>> byEffect(List<Judgement> jobs) {
    Map<Effect, List<Candidate>> byEffect = new EnumMap<>(Effect.class);
    for (Judgement job : jobs) {
      byEffect.computeIfAbsent(job.effect(), effect -> new ArrayList<>()).add(job.job());
    }
    return byEffect;
  }

  private Future<List<RowSet<Row>>> change(List<Step> steps) {
    return transactions.atOnce(DOING, limits, steps);
  }

  private static List<Step> steps(
      Statements statements, Effect effect, List<Candidate> candidates) {
    Step rescue = new Step(rescue(statements, effect), arguments(candidates));
    String guard = statements.guard();
    return guard == null
        ? List.of(rescue)
        : List.of(new Step(guard, Tuple.tuple().addArrayOfString(ids(candidates))), rescue);
  }

  /** A guard answers no ids. */
  private static Set<String> changed(List<RowSet<Row>> answers) {
    Set<String> changed = new HashSet<>();
    for (RowSet<Row> rows : answers) {
      int id = rows.columnsNames() == null ? -1 : rows.columnsNames().indexOf("id");
      if (id >= 0) {
        rows.forEach(row -> changed.add(row.getString(id)));
      }
    }
    return changed;
  }

  private static String rescue(Statements statements, Effect effect) {
    String sql = statements.rescues().get(effect);
    if (sql == null) {
      throw new IllegalStateException("this source has no way to " + effect);
    }
    return sql;
  }

  private static Tuple arguments(Stretch stretch) {
    return Tuple.of(stretch.first(), stretch.last(), stretch.horizon(), stretch.jobs());
  }

  private static Tuple arguments(List<Candidate> jobs) {
    return Tuple.tuple()
        .addArrayOfString(ids(jobs))
        .addArrayOfString(jobs.stream().map(Candidate::claim).toArray(String[]::new))
        .addArrayOfString(jobs.stream().map(Candidate::sign).toArray(String[]::new));
  }

  private static String[] ids(List<Candidate> jobs) {
    return jobs.stream().map(Candidate::id).toArray(String[]::new);
  }
}
