package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.library.Outcomes;
import java.time.Instant;

/** db-scheduler, whose schedulers are named by their host and pid: each death tells its jobs. */
final class DbSchedulerCase {
  private static final String OFTEN = "100";
  private static final String NEVER = "3600000";

  /** How often a heartbeat comes where the library finds dead executions within a second. */
  private static final String BEAT = "250";

  private static final String ENDED =
      "SELECT name || ' ' || attempt FROM ended WHERE name IN ('%s', '%s') ORDER BY 1";

  private static final String PICKED =
      "SELECT task_name FROM scheduled_tasks WHERE picked ORDER BY 1";

  private final LibraryPremises here;

  DbSchedulerCase(LibraryPremises here) {
    this.here = here;
  }

  /** One execution is left to the library's own revival, the other is rescued. */
  void killed() throws Exception {
    Process worker = here.daemon(here.scheduler("hold", OFTEN, BEAT, "ours", "twin"));
    here.told.awaitSeen("reports@" + worker.pid());
    here.awaitBegun("ours", 0);
    here.awaitBegun("twin", 0);
    Instant killed = Instant.now();
    LibraryPremises.kill(worker.pid());
    here.await("the twin is picked still", PICKED, "twin");
    JsonNode told = here.told.rescued("scheduler", "[\"ours\", \"1\"]");
    here.told.took("db-scheduler", killed, told);
    here.told.explains(told, "requeue", "pid " + worker.pid());
    Process second = here.start(here.scheduler("work", NEVER, BEAT, "twin"));
    here.await("the library revives the twin", PICKED);
    second.destroy();
    second.waitFor();
    assertEquals(
        here.text(Outcomes.ofDbScheduler("twin")), here.text(Outcomes.ofDbScheduler("ours")));
    here.daemon(here.scheduler("work", OFTEN, BEAT, "ours", "twin"));
    here.await("both end", ENDED.formatted("ours", "twin"), "ours 1", "twin 1");
  }

  /** Two that give no heartbeat within what the source allows: one dies, one freezes later. */
  void alive() throws Exception {
    Process worker = here.daemon(here.scheduler("hold", OFTEN, NEVER, "slow"));
    Process other = here.start(here.scheduler("hold", OFTEN, NEVER, "other"));
    here.told.awaitSeen("reports@" + worker.pid());
    for (String name : new String[] {"slow", "other"}) {
      here.awaitBegun(name, 0);
      here.told.awaitLeft("scheduler", id(name), "alive", "slow but alive: ");
    }
    Instant killed = Instant.now();
    LibraryPremises.kill(other.pid());
    here.await("the living one has its job", PICKED, "slow");
    here.told.took(
        "db-scheduler, not watched", killed, here.told.rescued("scheduler", id("other")));
    here.told.sweepsNothing("scheduler");
    Instant frozen = Instant.now();
    LibraryPremises.freeze(worker.pid());
    here.await("no job is held", PICKED);
    JsonNode told = here.told.rescued("scheduler", id("slow"));
    here.told.goneBefore("reports@" + worker.pid(), told);
    here.told.took("db-scheduler, frozen", frozen, told);
    here.daemon(here.scheduler("work", OFTEN, NEVER, "slow", "other"));
    here.await("both end", ENDED.formatted("other", "slow"), "other 1", "slow 1");
  }

  private static String id(String name) {
    return "[\"" + name + "\", \"1\"]";
  }
}
