package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One agent beside real workers of real job libraries: it proves each death itself, and the library
 * goes on as if it had recovered the job itself.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LibrariesTest {
  /** After those that are worked at meanwhile. */
  private static final int LATE = Order.DEFAULT + 1;

  private LibraryPremises here;
  private UntouchedCase untouched;

  @BeforeAll
  void startAll(@TempDir Path directory) throws Exception {
    here = new LibraryPremises(directory);
    here.agent.startReady();
    untouched = new UntouchedCase(here);
  }

  @AfterAll
  void endAll(TestReporter reporter) {
    // Null where the tests were skipped.
    if (here != null) {
      untouched.close();
      here.close();
      reporter.publishEntry("from the signal to the rescue", here.told.took.toString());
    }
  }

  @AfterEach
  void noJobRanTwiceAtOnce() throws Exception {
    here.endWorkers();
    assertEquals(List.of(), here.texts("SELECT name FROM begun WHERE beside IS NOT NULL"));
  }

  @Test
  void pgBossOfAKilledWorker() throws Exception {
    new PgBossCase(here).killed();
  }

  @Test
  void pgBossOfWorkersThatLive() throws Exception {
    new PgBossCase(here).alive();
  }

  @Test
  void graphileWorker() throws Exception {
    new GraphileWorkerCase(here).story();
  }

  @Test
  void dbSchedulerOfAKilledWorker() throws Exception {
    new DbSchedulerCase(here).killed();
  }

  @Test
  void dbSchedulerOfWorkersThatLive() throws Exception {
    new DbSchedulerCase(here).alive();
  }

  @Test
  @Order(LATE)
  void jobRunr() throws Exception {
    untouched.jobRunr();
  }

  @Test
  @Order(LATE)
  void quartz() throws Exception {
    untouched.quartz();
  }
}
