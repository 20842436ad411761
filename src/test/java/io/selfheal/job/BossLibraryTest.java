package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.NodeLibrary;
import io.selfheal.library.Outcomes;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.StuckJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The preset of pg-boss beside the library's own expiry; its workers are Node processes. */
class BossLibraryTest {
  /** One worker dies in each of these jobs. */
  private static final String JOBS =
      """
      [["createQueue", "dead", {"partition": true, "retryLimit": 7, "retryDelay": 3,
         "expireInSeconds": 33, "heartbeatSeconds": 44, "retentionSeconds": 55,
         "deleteAfterSeconds": 66}],
       ["createQueue", "mail", {"deadLetter": "dead"}],
       ["createQueue", "bare"],
       ["createQueue", "stately", {"partition": true, "policy": "stately", "retryDelay": 1000,
         "deadLetter": "dead"}],
       ["createQueue", "short", {"policy": "short"}],
       ["createQueue", "singleton", {"policy": "singleton"}],
       ["createQueue", "exclusive", {"policy": "exclusive"}],
       ["createQueue", "fifo", {"policy": "key_strict_fifo", "retryLimit": 0}],

       ["send", "stately", {"name": "stately waits"},
         {"singletonKey": "k", "id": "00000000-0000-4000-8000-000000000001"}],
       ["fetch", "stately"],
       ["fail", "stately", "00000000-0000-4000-8000-000000000001"],
       ["send", "stately", {"name": "stately meets"}, {"singletonKey": "k"}],
       ["send", "stately", {"name": "stately alone"}, {"singletonKey": "l"}],
       ["fetch", "stately", {"batchSize": 9}],

       ["send", "mail", {"name": "plain"}],
       ["send", "mail", {"name": "last"}, {"retryLimit": 0, "priority": 5, "singletonKey": "s",
         "group": {"id": "g", "tier": "t"}}],
       ["send", "mail", {"name": "throttled"}, {"singletonSeconds": 3600, "retryDelay": 60}],
       ["send", "mail", {"name": "backoff"}, {"retryDelay": 10, "retryBackoff": true}],
       ["send", "mail", {"name": "backoff at once"}, {"retryDelay": 0, "retryBackoff": true}],
       ["send", "mail", {"name": "backoff capped"}, {"retryDelay": 90, "retryBackoff": true,
         "retryDelayMax": 11}],
       ["send", "mail", {"name": "beats"}, {"heartbeatSeconds": 10}],
       ["fetch", "mail", {"batchSize": 99}],

       ["send", "bare", {"name": "last of all"}, {"retryLimit": 0}],
       ["upsert", "bare", {"name": "upserted"}, {"singletonKey": "u"}],
       ["fetch", "bare", {"batchSize": 9}],
       ["upsert", "bare", {"name": "upserted next"}, {"singletonKey": "u"}],

       ["send", "short", {"name": "short"}], ["fetch", "short"],
       ["send", "short", {"name": "short next"}],
       ["send", "singleton", {"name": "singleton"}], ["fetch", "singleton"],
       ["send", "singleton", {"name": "singleton next"}],
       ["send", "exclusive", {"name": "exclusive"}], ["fetch", "exclusive"],
       ["send", "fifo", {"name": "fifo"}, {"singletonKey": "f"}], ["fetch", "fifo"],
       ["send", "fifo", {"name": "fifo next"}, {"singletonKey": "f"}]]""";

  @TempDir private Path directory;
  private static NodeLibrary node;
  private BossLibrary library;

  @BeforeAll
  static void install() {
    node = BossLibrary.install();
  }

  @BeforeEach
  void logOfItsOwn() {
    library = new BossLibrary(node, directory);
  }

  /** One expires, the other is rescued; both are finished. */
  @Test
  void aRescueIsAnExpiryAndTheLibraryFinishesBoth() {
    try (Rig rig =
        library.database(
            """
            [["createQueue", "mail"], ["send", "mail", {"name": "ours"}],
             ["send", "mail", {"name": "twin"}, {"expireInSeconds": 1}]]""")) {
      Process first = library.start(rig, "hang", "mail");
      try {
        library.await(first, () -> rig.column("SELECT name FROM begun").size() == 2);
      } finally {
        BossLibrary.kill(first);
      }
      String from = rig.value("SELECT now()");
      Process supervisor = library.start(rig, "supervise", "mail");
      try {
        String retried = "SELECT data ->> 'name' FROM pgboss.job WHERE state = 'retry'";
        library.await(supervisor, () -> rig.column(retried).equals(List.of("twin")));
      } finally {
        BossLibrary.kill(supervisor);
      }
      rig.deployWith(BossLibrary.SOURCE);
      assertEquals(1, rig.sweepWhole());
      List<String> both = rig.column(Outcomes.ofPgBoss(from, rig.value("SELECT now()")));
      assertEquals(
          both.getFirst()
              .replace("ours", "twin")
              .replace("\"expire_seconds\": 900", "\"expire_seconds\": 1"),
          both.getLast());
      assertTrue(both.getFirst().contains("\"state\": \"retry\""), both.getFirst());
      assertEquals(
          "stuck job rescued by Selfheal",
          rig.value(
              "SELECT output #>> '{value,message}' FROM pgboss.job WHERE data ->> 'name' = 'ours'"));
      rig.sql("UPDATE pgboss.job SET expire_seconds = 900");
      Process second = library.start(rig, "work", "mail");
      String completed = "SELECT name FROM pgboss.job WHERE state = 'completed'";
      try {
        library.await(second, () -> rig.column(completed).size() == 2);
      } finally {
        BossLibrary.kill(second);
      }
      assertEquals(
          List.of("ours 1", "twin 1"),
          rig.column("SELECT name || ' ' || attempt FROM ended ORDER BY 1"));
      assertEquals(
          List.of("completed 1 t", "completed 1 t"),
          rig.column("SELECT concat_ws(' ', state, retry_count, output IS NULL) FROM pgboss.job"));
      assertEquals(0, rig.sweepWhole());
    }
  }

  /** The same jobs in two databases: in one they expire, in the other they are rescued. */
  @Test
  void whateverTheQueueEachJobBecomesWhatTheLibraryMakesOfIt() {
    try (Rig theirs = library.database(JOBS);
        Rig ours = library.database(JOBS)) {
      String age =
          "UPDATE pgboss.job SET started_on = started_on - interval '1 day' WHERE state = 'active'";
      String from = theirs.sql(age).value("SELECT now()");
      library.call(theirs, "[[\"supervise\"]]");
      ours.sql(age).deployWith(BossLibrary.SOURCE, "batch: 3");
      Swept dry = ours.dryRun();
      assertEquals(
          Map.of("[\"mail\"", 1L, "[\"stately\"", 1L),
          with(dry, Effect.DEAD_LETTER),
          dry.jobs().toString());
      assertEquals(Map.of("[\"bare\"", 1L, "[\"fifo\"", 1L), with(dry, Effect.FAIL));
      assertEquals(15, ours.sweepWhole());
      String until = ours.value("SELECT now()");
      String outcome = Outcomes.ofPgBoss(from, until);
      List<String> rows = ours.column(outcome);
      assertEquals(String.join("\n", theirs.column(outcome)), String.join("\n", rows));
      assertEquals(
          List.of("stately waits"),
          ours.column(
              "SELECT x #>> '{data,name}' FROM (%s) AS o (x) WHERE x ->> 'due' IN ('false', 'changed')"
                  .formatted(outcome)));
      assertEquals(
          List.of("last t t t", "stately meets t t t"),
          ours.column(
              "SELECT x ->> 'source' FROM (%s) AS o (x) WHERE x ->> 'source' <> ''"
                  .formatted(outcome)));
      assertEquals(0, ours.sweepWhole());
      assertEquals(rows, ours.column(outcome));
    }
  }

  /** What all versions know. */
  private static final String OLD_JOBS =
      """
      [["createQueue", "dead", {"retryLimit": 7, "retryDelay": 3, "expireInSeconds": 33,
         "retentionSeconds": 55, "deleteAfterSeconds": 66}],
       ["createQueue", "mail", {"deadLetter": "dead"}],
       ["createQueue", "stately", {"partition": true, "policy": "stately", "retryDelay": 1000,
         "deadLetter": "dead"}],
       ["send", "stately", {"name": "stately waits"},
         {"singletonKey": "k", "id": "00000000-0000-4000-8000-000000000001"}],
       ["fetch", "stately"],
       ["fail", "stately", "00000000-0000-4000-8000-000000000001"],
       ["send", "stately", {"name": "stately meets"}, {"singletonKey": "k"}],
       ["fetch", "stately"],
       ["send", "mail", {"name": "plain"}],
       ["send", "mail", {"name": "last"}, {"retryLimit": 0, "priority": 5, "singletonKey": "s"}],
       ["send", "mail", {"name": "throttled"}, {"singletonSeconds": 3600, "retryDelay": 60}],
       ["fetch", "mail", {"batchSize": 99}]]""";

  @ParameterizedTest
  @ValueSource(strings = {"pg-boss-12.30", "pg-boss-12.20", "pg-boss-11"})
  void alsoInAnOlderVersion(String version) {
    library = new BossLibrary(node, version, directory);
    try (Rig theirs = library.database(OLD_JOBS);
        Rig ours = library.database(OLD_JOBS)) {
      String age =
          "UPDATE pgboss.job SET started_on = started_on - interval '1 day' WHERE state = 'active'";
      String from = theirs.sql(age).value("SELECT now()");
      library.call(theirs, "[[\"supervise\"]]");
      ours.sql(age).deployWith(BossLibrary.SOURCE);
      assertEquals(4, ours.sweepWhole());
      String outcome = Outcomes.ofPgBoss(from, ours.value("SELECT now()"));
      assertEquals(
          String.join("\n", theirs.column(outcome)), String.join("\n", ours.column(outcome)));
      assertEquals(
          List.of(
              "dead created",
              "dead created",
              "mail failed",
              "mail retry",
              "mail retry",
              "stately failed",
              "stately retry"),
          ours.column("SELECT name || ' ' || state FROM pgboss.job ORDER BY name, state::text"));
    }
  }

  private static Map<String, Long> with(Swept swept, Effect effect) {
    return swept.jobs().stream()
        .filter(job -> job.effect() == effect)
        .map(StuckJob::jobId)
        .collect(Collectors.groupingBy(id -> id.split(",", -1)[0], Collectors.counting()));
  }
}
