package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.Pages.Page;
import io.selfheal.message.JobEvent;
import io.selfheal.message.StuckJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One sweep over one source. When it fails on the way, what it did so far stands and is counted:
 * every batch is a transaction of its own. (When the connection is lost in a commit, that batch may
 * have been done without being counted; the next look sees the rows as they are.)
 */
final class SweepRun {
  /** Jobs in an answer, and events of single jobs, in one sweep. */
  static final int MOST_TOLD = 1000;

  private static final int MOST_LEFT_TOLD = 100;

  private final SourceConfig config;
  private final PgSource source;
  private final Statements statements;
  private final Claims claims;
  private final Bus bus;
  private final boolean dryRun;
  private final @Nullable String incidentId;
  private final List<StuckJob> told = new ArrayList<>();
  private int toldLeft;
  private long more;
  private long looked;
  private long stuck;
  private long rescued;
  private long events;
  private @Nullable String problem;

  SweepRun(
      SourceConfig config,
      PgSource source,
      Statements statements,
      Claims claims,
      Bus bus,
      boolean dryRun,
      @Nullable String incidentId) {
    this.config = config;
    this.source = source;
    this.statements = statements;
    this.claims = claims;
    this.bus = bus;
    this.dryRun = dryRun;
    this.incidentId = incidentId;
  }

  /** Sweeps until nothing is left, the storm limit is reached or {@code stopping}. */
  void run(BooleanSupplier stopping) {
    Pages pages = new Pages(config, source, statements, claims, bus);
    Optional<Page> page = pages.next();
    while (page.isPresent()) {
      rescue(page.get());
      if (problem != null) {
        return;
      }
      if (stopping.getAsBoolean()) {
        problem = "stopped before its end, because the agent stops";
        return;
      }
      page = pages.next();
    }
  }

  private void rescue(Page page) {
    looked += page.looked();
    stuck += page.stuck().size();
    List<Judgement> acting = page.acting();
    long room = config.pace().storm() - rescued;
    if (acting.size() > room) {
      acting = acting.subList(0, (int) room);
      problem =
          "stopped after " + config.pace().storm() + " rescues (storm); sweep again for the rest";
    }
    Set<String> changed = change(acting);
    Set<String> tried = ids(acting);
    for (Judgement judgement : page.stuck()) {
      String id = judgement.job().id();
      if (!judgement.acts()) {
        tell(judgement);
      } else if (changed.contains(id)) {
        rescued(judgement);
      } else if (tried.contains(id)) {
        tell(judgement.changed());
      }
    }
  }

  private Set<String> change(List<Judgement> acting) {
    if (dryRun || acting.isEmpty()) {
      return ids(acting);
    }
    // Also when the answer is lost: it may have been done.
    claims.forget(ids(acting));
    return Waiting.on(source.rescue(statements, acting), "rescue jobs");
  }

  private static Set<String> ids(List<Judgement> judgements) {
    return judgements.stream().map(judgement -> judgement.job().id()).collect(Collectors.toSet());
  }

  private void rescued(Judgement judgement) {
    rescued++;
    tell(judgement);
    if (dryRun || ++events > MOST_TOLD) {
      return;
    }
    bus.publish(
        new JobEvent.Rescued(
            config.name(),
            judgement.job().id(),
            judgement.effect(),
            judgement.reason(),
            judgement.verdict(),
            incidentId));
  }

  /** Jobs that are left must not crowd out those that are changed. */
  private void tell(Judgement judgement) {
    boolean room = told.size() < MOST_TOLD && (judgement.acts() || toldLeft < MOST_LEFT_TOLD);
    if (room) {
      told.add(judgement.of(config.name()));
      toldLeft += judgement.acts() ? 0 : 1;
    } else if (judgement.acts()) {
      more++;
    }
  }

  /** Jobs that were changed, or would be, and are not among the told. */
  long more() {
    return more;
  }

  long looked() {
    return looked;
  }

  long stuck() {
    return stuck;
  }

  long rescued() {
    return rescued;
  }

  List<StuckJob> told() {
    return told;
  }

  /** Why it did not finish; null when it did. */
  @Nullable String problem() {
    return problem;
  }
}
