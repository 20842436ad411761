package io.selfheal.job;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whatever the order in which workers, the library and two agents act on the real database, also
 * between a judgement and its rescue, at the same moment, and with an agent that is killed between
 * two statements: each job is completed exactly once or put aside with the reasons, and none begins
 * again while its holder lives.
 *
 * <p>Only where the operator has set {@code act_on_unknown}, a job may be taken from a holder that
 * lives, which nothing proves, and of whose job nothing was heard for {@code stuck_after}. Then
 * what such a holder still completes reaches no other attempt, as far as the library's own
 * statement compares the attempt: that of the mapped table, db-scheduler, Solid Queue and pg-boss
 * does; River's reaches an attempt that runs; those of Oban, GoodJob, Procrastinate and
 * graphile-worker reach the job in any state.
 */
class InterleavingProperties {
  private static final Duration MOMENT = Duration.ofMillis(250);
  private static final int MOST_STATEMENTS = 16;

  /** Of each library. */
  private static final int TRIES = 4;

  private enum Kind {
    ADD,
    ADD_WITH_FEW_ATTEMPTS,
    TAKE,
    TAKE_LONG_AGO,
    BEAT,
    BEGIN,
    FINISH,
    DIE,
    DIE_LATE,
    REBIRTH,
    COMMIT_OF_THE_DEAD,
    ROLLBACK_OF_THE_DEAD,
    LIBRARY,
    LIBRARY_BEGINS,
    LIBRARY_COMMITS,
    LIBRARY_ROLLS_BACK,
    LOOK,
    PASS,
    SWEEP,
    SWEEP_OF_ORPHANS,
    SWEEP_OF_THE_SILENT,
    SWEEP_OF_THE_OTHER,
    SWEEP_OF_BOTH,
    SWEEP_OF_THE_KILLED,
    ORPHANS_AGAIN,
    BEATS,
    LATE_ENDS
  }

  /**
   * One thing that happens.
   *
   * @param number of the process, or of the statements that a killed agent still sends
   * @param between what happens between judgement and rescue, of a sweep
   */
  record Step(Kind kind, int number, List<Step> between) {
    @Override
    public String toString() {
      return kind + "@" + number + (between.isEmpty() ? "" : between);
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void ofTable(@ForAll("terms") ToyTerms terms, @ForAll("histories") List<Step> history)
      throws SQLException {
    noJobIsLostOrRunTwice(new ToyTable(), terms, history);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void ofRiver(@ForAll("terms") ToyTerms terms, @ForAll("histories") List<Step> history)
      throws SQLException {
    noJobIsLostOrRunTwice(new ToyRiver(), terms, history);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void ofOban(@ForAll("terms") ToyTerms terms, @ForAll("histories") List<Step> history)
      throws SQLException {
    noJobIsLostOrRunTwice(new ToyOban(), terms, history);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void ofSolidQueue(@ForAll("terms") ToyTerms terms, @ForAll("histories") List<Step> history)
      throws SQLException {
    noJobIsLostOrRunTwice(new ToySolidQueue(), terms, history);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void ofGoodJob(@ForAll("terms") ToyTerms terms, @ForAll("histories") List<Step> history)
      throws SQLException {
    noJobIsLostOrRunTwice(new ToyGoodJob(), terms, history);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void ofDbScheduler(@ForAll("terms") ToyTerms terms, @ForAll("histories") List<Step> history)
      throws SQLException {
    noJobIsLostOrRunTwice(new ToyDbScheduler(), terms, history);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void ofProcrastinate(@ForAll("terms") ToyTerms terms, @ForAll("histories") List<Step> history)
      throws SQLException {
    noJobIsLostOrRunTwice(new ToyProcrastinate(), terms, history);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void ofPgBoss(@ForAll("terms") ToyTerms terms, @ForAll("histories") List<Step> history)
      throws SQLException {
    noJobIsLostOrRunTwice(new ToyBoss(), terms, history);
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void ofGraphileWorker(@ForAll("terms") ToyTerms terms, @ForAll("histories") List<Step> history)
      throws SQLException {
    noJobIsLostOrRunTwice(new ToyGraphileWorker(), terms, history);
  }

  private static void noJobIsLostOrRunTwice(ToyLibrary library, ToyTerms terms, List<Step> history)
      throws SQLException {
    try (ToyWorld world = new ToyWorld(library, terms)) {
      for (Step step : history) {
        play(world, step);
      }
      world.end();
    }
  }

  @AfterContainer
  static void end() throws SQLException {
    ToyGround.end();
  }

  private static void play(ToyWorld world, Step step) throws SQLException {
    ToyProcess process = world.process(step.number());
    switch (step.kind()) {
      case ADD -> world.add(ToyWorld.MANY);
      case ADD_WITH_FEW_ATTEMPTS -> world.add(ToyWorld.FEW);
      case TAKE -> world.take(process, false);
      case TAKE_LONG_AGO -> world.take(process, true);
      case BEAT -> world.beat(process);
      case BEGIN -> world.begin(process);
      case FINISH -> world.finish(process);
      case DIE -> world.die(process, false);
      case DIE_LATE -> world.die(process, true);
      case REBIRTH -> world.rebirth(process);
      case COMMIT_OF_THE_DEAD -> world.settle(true);
      case ROLLBACK_OF_THE_DEAD -> world.settle(false);
      case LIBRARY -> {
        world.ownBegins();
        world.ownEnds(true);
      }
      case LIBRARY_BEGINS -> world.ownBegins();
      case LIBRARY_COMMITS -> world.ownEnds(true);
      case LIBRARY_ROLLS_BACK -> world.ownEnds(false);
      case LOOK -> world.agents().look();
      case PASS -> world.pass(MOMENT);
      case SWEEP -> sweep(world, step, () -> {});
      case SWEEP_OF_ORPHANS -> {
        new ToyTurn(world).ends(step.number());
        sweep(world, step, () -> new ToyTurn(world).orphans(step.number()));
      }
      case SWEEP_OF_THE_SILENT -> {
        new ToyTurn(world).silence();
        sweep(world, step, () -> new ToyTurn(world).beats(step.number() / 2));
      }
      case SWEEP_OF_THE_OTHER -> {
        world.agents().sweepOfTheOther();
        world.swept();
      }
      case SWEEP_OF_BOTH -> {
        world.agents().sweepOfBoth();
        world.swept();
      }
      case SWEEP_OF_THE_KILLED -> {
        world.agents().killAfter(step.number());
        world.swept();
      }
      case ORPHANS_AGAIN -> new ToyTurn(world).orphans(step.number());
      case BEATS -> new ToyTurn(world).beats(step.number());
      case LATE_ENDS -> new ToyTurn(world).late();
    }
  }

  private static void sweep(ToyWorld world, Step step, ToyAgents.Between first)
      throws SQLException {
    world.agents().sweep(() -> between(world, step, first), step.number() % 2);
    world.swept();
  }

  /** In half of the sweeps, what makes the judgement wrong comes before all else. */
  private static void between(ToyWorld world, Step sweep, ToyAgents.Between first)
      throws SQLException {
    if (sweep.number() / 4 % 2 == 0) {
      first.happen();
    }
    for (Step step : sweep.between()) {
      play(world, step);
    }
  }

  @Provide
  Arbitrary<ToyTerms> terms() {
    Arbitrary<Boolean> either = Arbitraries.of(false, true);
    return Combinators.combine(either, either).as(ToyTerms::new);
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<List<Step>> nothing = Arbitraries.just(List.of());
    // A sweep waits for its own turn, so none of the first agent's can be within another.
    Arbitrary<Step> within =
        step(
            Arbitraries.frequency(
                Tuple.of(5, Kind.LIBRARY),
                Tuple.of(1, Kind.LIBRARY_BEGINS),
                Tuple.of(1, Kind.LIBRARY_COMMITS),
                Tuple.of(7, Kind.TAKE),
                Tuple.of(6, Kind.ORPHANS_AGAIN),
                Tuple.of(6, Kind.BEATS),
                Tuple.of(3, Kind.REBIRTH),
                Tuple.of(3, Kind.COMMIT_OF_THE_DEAD),
                Tuple.of(1, Kind.ROLLBACK_OF_THE_DEAD),
                Tuple.of(1, Kind.SWEEP_OF_THE_OTHER),
                Tuple.of(1, Kind.FINISH)),
            nothing);
    Arbitrary<Step> simple =
        step(
            Arbitraries.frequency(
                Tuple.of(6, Kind.TAKE),
                Tuple.of(6, Kind.TAKE_LONG_AGO),
                Tuple.of(6, Kind.REBIRTH),
                Tuple.of(6, Kind.BEGIN),
                Tuple.of(2, Kind.FINISH),
                Tuple.of(3, Kind.DIE),
                Tuple.of(4, Kind.DIE_LATE),
                Tuple.of(1, Kind.BEAT),
                Tuple.of(3, Kind.LATE_ENDS),
                Tuple.of(1, Kind.COMMIT_OF_THE_DEAD),
                Tuple.of(1, Kind.ROLLBACK_OF_THE_DEAD),
                Tuple.of(2, Kind.LIBRARY_BEGINS),
                Tuple.of(1, Kind.LIBRARY_COMMITS),
                Tuple.of(1, Kind.LIBRARY_ROLLS_BACK),
                Tuple.of(1, Kind.LOOK),
                Tuple.of(1, Kind.PASS),
                Tuple.of(1, Kind.SWEEP_OF_THE_OTHER),
                Tuple.of(2, Kind.SWEEP_OF_BOTH),
                Tuple.of(1, Kind.SWEEP_OF_THE_KILLED),
                Tuple.of(1, Kind.ADD),
                Tuple.of(1, Kind.ADD_WITH_FEW_ATTEMPTS)),
            nothing);
    Arbitrary<Step> sweep =
        step(
            Arbitraries.of(Kind.SWEEP, Kind.SWEEP_OF_ORPHANS, Kind.SWEEP_OF_THE_SILENT),
            within.list().ofMinSize(2).ofMaxSize(8));
    return Arbitraries.frequencyOf(Tuple.of(3, simple), Tuple.of(1, sweep))
        .list()
        .ofMinSize(25)
        .ofMaxSize(60);
  }

  private static Arbitrary<Step> step(Arbitrary<Kind> kinds, Arbitrary<List<Step>> between) {
    return Combinators.combine(kinds, Arbitraries.integers().between(0, MOST_STATEMENTS), between)
        .as(Step::new);
  }
}
