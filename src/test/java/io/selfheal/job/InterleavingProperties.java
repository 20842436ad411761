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

/**
 * Whatever the order in which workers, the library and two agents act on the real database, also
 * between a judgement and its rescue: each job is completed exactly once, and none begins again
 * while its holder lives.
 */
class InterleavingProperties {
  private static final Duration MOMENT = Duration.ofMillis(250);

  private enum Kind {
    ADD,
    TAKE,
    BEGIN,
    FINISH,
    DIE,
    DIE_LATE,
    REBIRTH,
    COMMIT_OF_THE_DEAD,
    ROLLBACK_OF_THE_DEAD,
    LIBRARY,
    LOOK,
    PASS,
    SWEEP,
    SWEEP_OF_THE_OTHER
  }

  /**
   * One thing that happens.
   *
   * @param between what happens between judgement and rescue, of a sweep
   */
  record Step(Kind kind, int slot, List<Step> between) {
    @Override
    public String toString() {
      return kind + "@" + slot + (between.isEmpty() ? "" : between);
    }
  }

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void noJobIsLostOrRunTwice(
      @ForAll("libraries") ToyLibrary library, @ForAll("histories") List<Step> history)
      throws SQLException {
    try (ToyWorld world = new ToyWorld(library)) {
      for (Step step : history) {
        play(world, step);
      }
      world.end();
    }
  }

  private static void play(ToyWorld world, Step step) throws SQLException {
    ToyProcess process = world.process(step.slot());
    switch (step.kind()) {
      case ADD -> world.add();
      case TAKE -> world.take(process);
      case BEGIN -> world.begin(process);
      case FINISH -> world.finish(process);
      case DIE -> world.die(step.slot(), false);
      case DIE_LATE -> world.die(step.slot(), true);
      case REBIRTH -> world.rebirth(step.slot());
      case COMMIT_OF_THE_DEAD -> world.settle(true);
      case ROLLBACK_OF_THE_DEAD -> world.settle(false);
      case LIBRARY -> world.own();
      case LOOK -> world.look();
      case PASS -> world.pass(MOMENT);
      case SWEEP -> world.sweep(() -> between(world, step));
      case SWEEP_OF_THE_OTHER -> world.sweepOfTheOther();
    }
  }

  private static void between(ToyWorld world, Step sweep) {
    try {
      for (Step step : sweep.between()) {
        play(world, step);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Provide
  Arbitrary<ToyLibrary> libraries() {
    return Arbitraries.of(ToyLibrary.ALL);
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<List<Step>> nothing = Arbitraries.just(List.of());
    // A sweep waits for its own turn, so none of the first agent's can be within another.
    Arbitrary<Step> within =
        step(
            Arbitraries.frequency(
                Tuple.of(3, Kind.LIBRARY),
                Tuple.of(5, Kind.TAKE),
                Tuple.of(3, Kind.REBIRTH),
                Tuple.of(3, Kind.COMMIT_OF_THE_DEAD),
                Tuple.of(1, Kind.ROLLBACK_OF_THE_DEAD),
                Tuple.of(1, Kind.SWEEP_OF_THE_OTHER),
                Tuple.of(1, Kind.FINISH)),
            nothing);
    Arbitrary<Step> simple =
        step(
            Arbitraries.frequency(
                Tuple.of(9, Kind.TAKE),
                Tuple.of(6, Kind.REBIRTH),
                Tuple.of(6, Kind.BEGIN),
                Tuple.of(2, Kind.FINISH),
                Tuple.of(2, Kind.DIE),
                Tuple.of(4, Kind.DIE_LATE),
                Tuple.of(1, Kind.COMMIT_OF_THE_DEAD),
                Tuple.of(1, Kind.ROLLBACK_OF_THE_DEAD),
                Tuple.of(1, Kind.LIBRARY),
                Tuple.of(1, Kind.LOOK),
                Tuple.of(1, Kind.PASS),
                Tuple.of(1, Kind.SWEEP_OF_THE_OTHER),
                Tuple.of(1, Kind.ADD)),
            nothing);
    Arbitrary<Step> sweep =
        step(Arbitraries.just(Kind.SWEEP), within.list().ofMinSize(2).ofMaxSize(8));
    return Arbitraries.frequencyOf(Tuple.of(3, simple), Tuple.of(1, sweep))
        .list()
        .ofMinSize(40)
        .ofMaxSize(100);
  }

  private static Arbitrary<Step> step(Arbitrary<Kind> kinds, Arbitrary<List<Step>> between) {
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 3), between).as(Step::new);
  }
}
