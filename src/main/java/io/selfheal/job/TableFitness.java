package io.selfheal.job;

import io.selfheal.job.TableLayout.Columns;
import io.selfheal.job.TableLayout.States;
import io.selfheal.job.Wanted.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a mapped table can be swept, and if not, exactly why. Pure. */
final class TableFitness {
  private final TableLayout layout;
  private final Catalog catalog;

  TableFitness(TableLayout layout, Catalog catalog) {
    this.layout = layout;
    this.catalog = catalog;
  }

  /** Everything that is wrong, in one text; empty when nothing is. */
  Optional<String> problem() {
    Need need =
        Need.table(layout.table())
            .wants(wanted(layout.columns()))
            .writes(layout.columns().written().toArray(String[]::new));
    return Fitness.of(layout.table(), catalog, List.of(need), "");
  }

  private List<Wanted> wanted(Columns columns) {
    List<Wanted> wanted = new ArrayList<>();
    wanted.add(new Wanted(columns.id(), "id", Kind.KEY, List.of()));
    wanted.add(new Wanted(columns.state(), "state", Kind.ANY_STATE, states(layout.states())));
    add(wanted, columns.started(), "started", Kind.TIME);
    add(wanted, columns.heartbeat(), "heartbeat", Kind.TIME);
    add(wanted, columns.attempts(), "attempts", Kind.NUMBER);
    add(wanted, columns.holder(), "holder", Kind.ANY);
    add(wanted, columns.queued(), "queued", Kind.TIME);
    return wanted;
  }

  private static void add(List<Wanted> wanted, @Nullable String name, String role, Kind kind) {
    if (name != null) {
      wanted.add(new Wanted(name, role, kind, List.of()));
    }
  }

  private static List<State> states(States states) {
    List<State> all = new ArrayList<>();
    all.add(new State(states.ready(), "states.ready"));
    states.running().forEach(running -> all.add(new State(running, "states.running")));
    all.add(new State(states.failed(), "states.failed"));
    if (states.deadLetter() != null) {
      all.add(new State(states.deadLetter(), "states.dead_letter"));
    }
    return all;
  }
}
