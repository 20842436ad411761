package io.selfheal.job;

import io.selfheal.job.Catalog.Column;
import io.selfheal.job.Layout.Reach;
import io.selfheal.job.TableLayout.Columns;
import io.selfheal.message.JobEvent.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statements for a mapped table. Pure.
 *
 * <p>States are literals, not parameters: only so does the planner see that a partial index serves.
 * Ids come as texts and are cast to the type of the column, so that its index serves. Times of a
 * column without time zone are taken as UTC. An infinite time is no time.
 */
final class TableSql {
  private static final Pattern COMPARISON = Pattern.compile(" (?:<|>|<=|>=|<>) ");

  private final TableName table;
  private final Columns columns;
  private final TableLayout.States states;
  private final Catalog catalog;
  private final Reach reach;

  TableSql(TableLayout layout, Catalog catalog, Reach reach) {
    this.table = layout.table();
    this.columns = layout.columns();
    this.states = layout.states();
    this.catalog = catalog;
    this.reach = reach;
  }

  Statements statements() {
    Map<Effect, String> rescues = new EnumMap<>(Effect.class);
    rescues.put(Effect.REQUEUE, rescue(requeue()));
    rescues.put(Effect.FAIL, rescue(to(states.failed())));
    String deadLetter = states.deadLetter();
    if (deadLetter != null) {
      rescues.put(Effect.DEAD_LETTER, rescue(to(deadLetter)));
    }
    return new Statements(find(""), find(after()), rescues, counts(), advice()).counting(ready());
  }

  private String ready() {
    String queued = columns.queued();
    return ReadyCount.of(
        table.sql() + " AS t",
        of(columns.state()) + " = " + Sql.text(states.ready()),
        queued == null ? null : RowTime.of(catalog, "t", queued));
  }

  private String find(String after) {
    return """
        SELECT %s::text AS id, %s AS holder, %s AS age_ms, %s AS silence_ms, %s AS attempts,
               %s AS claim, %s AS sign, NULL::text AS next
        FROM %s AS t
        WHERE %s%s%s
        ORDER BY %s
        LIMIT $1::int"""
        .formatted(
            of(columns.id()),
            columns.holder() == null ? "NULL::text" : Sql.holder(text(columns.holder())),
            age(columns.started()),
            age(columns.heartbeat()),
            attempts(),
            claim(),
            micros(columns.heartbeat()),
            table.sql(),
            running(),
            after,
            old(),
            of(columns.id()));
  }

  private String after() {
    return " AND " + of(columns.id()) + " > $2::text::" + type(columns.id());
  }

  private String old() {
    return switch (reach) {
      case Reach.All() -> "";
      case Reach.OlderThan(Duration age) -> older(age);
    };
  }

  /** Keeps the column alone on its side, so that an index on it serves. */
  private String older(Duration age) {
    String started = columns.started();
    if (started == null) {
      return "";
    }
    return " AND "
        + of(started)
        + " <= "
        + now(started)
        + " - interval '"
        + age.toMillis()
        + " milliseconds'";
  }

  /**
   * The inner select locks in the order of the ids and skips what another has locked, so sweepers
   * neither wait for nor deadlock with each other. PostgreSQL compares again, itself, the newest
   * version of a row that changed between the statement's snapshot and its lock. Once it is locked,
   * nobody changes it; the update compares again all the same, for another row may have its id: a
   * unique index can be gone since the look into the catalog.
   */
  private String rescue(String changes) {
    String id = of(columns.id());
    String same =
        id
            + " = c.id AND "
            + running()
            + " AND "
            + claim()
            + " = c.claim AND "
            + micros(columns.heartbeat())
            + " IS NOT DISTINCT FROM c.sign";
    return """
        WITH picked AS MATERIALIZED (
          SELECT c.*
          FROM unnest($1::text[]::%s[], $2::text[], $3::text[]) AS c (id, claim, sign)
          JOIN %s AS t ON %s
          ORDER BY %s
          FOR UPDATE OF t SKIP LOCKED)
        UPDATE %s AS t SET %s
        FROM picked AS c
        WHERE %s
        RETURNING %s::text AS id"""
        .formatted(type(columns.id()), table.sql(), same, id, table.sql(), changes, same, id);
  }

  private String requeue() {
    List<String> changes = new ArrayList<>(List.of(to(states.ready())));
    columns.emptied(catalog).forEach(name -> changes.add(Sql.name(name) + " = NULL"));
    return String.join(", ", changes);
  }

  private String to(String state) {
    return Sql.name(columns.state()) + " = " + Sql.text(state);
  }

  private String counts() {
    return """
        SELECT %s::text AS state, count(*) AS jobs, max(%s) FILTER (WHERE %s) AS oldest_ms
        FROM %s AS t GROUP BY 1 ORDER BY 2 DESC LIMIT 100"""
        .formatted(of(columns.state()), age(columns.started()), running(), table.sql());
  }

  private @Nullable String advice() {
    boolean served = catalog.indexes().stream().anyMatch(this::serves);
    if (served) {
      return null;
    }
    String rows = "(" + Sql.name(columns.id()) + ") WHERE " + runningOf("");
    return IndexAdvice.of(table, catalog, rows);
  }

  /**
   * A partial index of the running jobs, by its predicate as PostgreSQL writes it. A whole index
   * that begins with the state does not serve: all that runs would be sorted for every batch. Nor
   * does one of a library that orders its states, {@code state < 'active'}: it holds other rows.
   */
  private boolean serves(Catalog.Index index) {
    String predicate = index.predicate();
    return predicate != null
        && predicate.contains(" = ")
        && !COMPARISON.matcher(predicate).find()
        && predicate.contains(columns.state())
        && states.running().stream().allMatch(predicate::contains);
  }

  private String running() {
    return runningOf("t.");
  }

  private String runningOf(String alias) {
    String state = alias + Sql.name(columns.state());
    if (states.running().size() == 1) {
      return state + " = " + Sql.text(states.running().getFirst());
    }
    return states.running().stream()
        .map(Sql::text)
        .collect(Collectors.joining(", ", state + " IN (", ")"));
  }

  /** Which attempt a row is: not its heartbeat, which moves while the attempt lasts. */
  private String claim() {
    return "ROW("
        + String.join(
            ", ",
            of(columns.state()) + "::text",
            micros(columns.started()),
            member(columns.holder()),
            member(columns.attempts()))
        + ")::text";
  }

  private String micros(@Nullable String name) {
    return name == null ? "NULL::text" : RowTime.of(catalog, "t", name).micros();
  }

  private String age(@Nullable String name) {
    return name == null ? "NULL::bigint" : RowTime.of(catalog, "t", name).age();
  }

  private String now(String name) {
    return RowTime.of(catalog, "t", name).now();
  }

  private static String member(@Nullable String name) {
    return name == null ? "NULL::text" : Sql.member(text(name));
  }

  private static String text(String name) {
    return of(name) + "::text";
  }

  /** What is no number of attempts, as NaN, or infinity, tells nothing of them. */
  private String attempts() {
    String name = columns.attempts();
    if (name == null) {
      return "NULL::bigint";
    }
    String number = of(name) + "::bigint";
    return Kind.WHOLE.fits(column(name))
        ? number
        : "CASE WHEN %s BETWEEN -1e15 AND 1e15 THEN %s END".formatted(of(name), number);
  }

  private static String of(String name) {
    return "t." + Sql.name(name);
  }

  private String type(String name) {
    return column(name).type();
  }

  private Column column(String name) {
    return catalog.column(name);
  }
}
