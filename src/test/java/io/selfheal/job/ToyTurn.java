package io.selfheal.job;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * What makes a judgement wrong before its rescue comes: an orphan goes back into the queue by its
 * library, and a living process takes it; or a holder of which nothing was heard is heard again.
 */
final class ToyTurn {
  private static final Duration MOMENT = Duration.ofMillis(250);

  /** Jobs that are ready before it, at most. */
  private static final int MOST_BEFORE = 20;

  private final ToyWorld world;

  ToyTurn(ToyWorld world) {
    this.world = world;
  }

  /** Every process takes a job, the agent sees it, they end, and mostly others come. */
  void ends(int number) throws SQLException {
    holds(number, false);
    world.agents().look();
    for (int slot = 0; slot < world.slots(); slot++) {
      world.die(world.process(slot), number % 2 == 0);
    }
    world.pass(MOMENT);
    // Nothing proves that a pid is another process now where a row says no time.
    if (world.crew() || number % 4 == 0) {
      for (int slot = 0; slot < world.slots(); slot++) {
        world.rebirth(world.process(slot));
      }
    }
  }

  /** Every process takes a job, of which nothing is heard then. */
  void silence() throws SQLException {
    holds(0, true);
    world.agents().look();
    world.pass(ToyWorld.REST);
  }

  private void holds(int number, boolean longAgo) throws SQLException {
    for (int slot = 0; slot < world.slots(); slot++) {
      world.rebirth(world.process(slot));
      ToyProcess process = world.process(slot);
      boolean aged = longAgo || number % 3 == slot;
      world.take(process, aged);
      world.take(process, aged);
    }
  }

  /**
   * The library revives orphans, and living processes take them again.
   *
   * @param number says which, and how many
   */
  void orphans(int number) throws SQLException {
    world.ownEnds(true);
    List<String> orphans = world.orphans();
    int most = 1 + number % world.slots();
    for (int i = 0; i < Math.min(most, orphans.size()); i++) {
      String job = orphans.get((number + i) % orphans.size());
      world.ownBegins(List.of(job));
      world.ownEnds(true);
      again(job, world.free(number + i));
    }
  }

  /** The process completes all that is ready before that job, and has it then. */
  private void again(String job, ToyProcess process) throws SQLException {
    for (int i = 0; i < MOST_BEFORE && world.taken(process, false); i++) {
      if (job.equals(process.job())) {
        return;
      }
      world.begin(process);
      world.finish(process);
    }
  }

  /**
   * Holders of which nothing was heard are heard.
   *
   * @param number says which
   */
  void beats(int number) throws SQLException {
    for (int slot = 0; slot < world.slots(); slot++) {
      ToyProcess process = world.process(number + slot);
      if (process.silent() && (slot == 0 || number % 2 == 0)) {
        world.beat(process);
      }
    }
  }

  /** Holders that have lost their jobs, and do not know it, complete them. */
  void late() throws SQLException {
    for (int slot = 0; slot < world.slots(); slot++) {
      ToyProcess process = world.process(slot);
      if (world.lost(process)) {
        world.begin(process);
        world.finish(process);
      }
    }
  }
}
