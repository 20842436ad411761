package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.library.Outcomes;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Set;

/**
 * graphile-worker: its rows name pools that made up their names, so a job is stuck when nobody
 * lives who could have it. The agent runs two workers, and starts what was killed again.
 */
final class GraphileWorkerCase {
  private static final String OURS = "graphile_worker";
  private static final String TWINS = "twins";

  private static final String ENDED =
      "SELECT name || ' ' || attempt FROM ended WHERE name LIKE 'images %' ORDER BY 1";

  private static final String LOCKED =
      "SELECT count(*) FROM %s._private_jobs WHERE locked_at IS NOT NULL";

  /** Those that were taken less than three seconds ago. */
  private static final String YOUNG =
      LOCKED.formatted(OURS) + " AND locked_at > clock_timestamp() - interval '3 seconds'";

  private final LibraryPremises here;

  GraphileWorkerCase(LibraryPremises here) {
    this.here = here;
  }

  /** One of two is killed, the other freezes; before that both are slow. */
  void story() throws Exception {
    slow();
    long first = taken("images first", "3");
    long second = taken("images second", "1");
    Set<Long> running = Set.of(here.agent.workerPid("images.1"), here.agent.workerPid("images.2"));
    assertEquals(running, Set.of(first, second));
    String dies = here.agent.workerPid("images.1") == first ? "images.1" : "images.2";
    String lives = dies.equals("images.1") ? "images.2" : "images.1";
    here.await("what starts now is younger than the claims, by any clock", YOUNG, "0");
    Files.createFile(here.door);
    LibraryPremises.kill(first);
    here.agent.await("it runs again", () -> here.agent.workerPid(dies) != first);
    here.told.awaitLeft(
        "graphile", id("images first"), "unknown", lives + " lives and could hold it; ");
    here.told.sweepsNothing("graphile");
    twins();
    Instant frozen = Instant.now();
    LibraryPremises.freeze(second);
    here.await("nothing is locked", LOCKED.formatted(OURS), "0");
    same(frozen, "first", "requeue", lives);
    same(frozen, "second", "fail", lives);
    here.go("images first");
    Files.delete(here.door);
    here.await("the rescued one ends", ENDED, "images first 2", "images slow 1");
  }

  private void slow() throws Exception {
    here.agent.awaitWorker("images.1");
    here.agent.awaitWorker("images.2");
    taken("images slow", "3");
    here.told.awaitLeft("graphile", id("images slow"), "alive", "slow but alive: ");
    here.told.sweepsNothing("graphile");
    here.go("images slow");
    here.await("the slow one ends", ENDED, "images slow 1");
  }

  private void same(Instant frozen, String name, String effect, String frozenOne) throws Exception {
    JsonNode told = here.told.rescued("graphile", id("images " + name));
    here.told.took("graphile-worker, frozen", frozen, told);
    here.told.goneBefore(frozenOne, told);
    here.told.explains(told, effect, "every process of images is younger than the claim: ");
    assertEquals(
        here.text(Outcomes.ofGraphileWorker(TWINS, "twins " + name)),
        here.text(Outcomes.ofGraphileWorker(OURS, "images " + name)));
  }

  /** Adds a job, and waits until a worker has it; gives its pid. */
  private long taken(String name, String attempts) throws Exception {
    add(OURS, name, attempts);
    return here.awaitBegun(name, 1);
  }

  private void add(String schema, String name, String attempts) {
    here.execute(
        """
        SELECT %1$s.add_job('task', json_build_object('name', '%2$s'), 'queue of %2$s',
          max_attempts => %3$s)"""
            .formatted(schema, name, attempts));
  }

  private String id(String name) throws Exception {
    return here.text(
        "SELECT id FROM graphile_worker._private_jobs WHERE payload ->> 'name' = '" + name + "'");
  }

  /**
   * Jobs of another schema, of which the agent knows nothing. The library unlocks them after its
   * four hours, also the one that has no attempt left.
   */
  private void twins() throws Exception {
    Process worker = here.start(here.images(TWINS, "hold"));
    Process another = here.start(here.images(TWINS, "hold"));
    add(TWINS, "twins first", "3");
    add(TWINS, "twins second", "1");
    here.awaitBegun("twins first", 1);
    here.awaitBegun("twins second", 1);
    LibraryPremises.kill(worker.pid());
    LibraryPremises.kill(another.pid());
    String old = " SET locked_at = locked_at - interval '5 hours' WHERE locked_at IS NOT NULL";
    here.execute("UPDATE twins._private_jobs" + old + "; UPDATE twins._private_job_queues" + old);
    here.start(here.images(TWINS, "idle"));
    here.await("they are unlocked", LOCKED.formatted(TWINS), "0");
  }
}
