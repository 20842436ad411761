package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.store.Database;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.ReadyStore;
import io.selfheal.store.Store;
import io.selfheal.store.StoreConfig;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two publishers on the real PostgreSQL. */
@Timeout(120)
final class PgViewsTest {
  private static final Place ONE = new Place("one", "boot-1", "pid:[1]");
  private static final Place TWO = new Place("two", "boot-2", "pid:[2]");

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestPostgres.freshDatabase();
  private final Database database;

  PgViewsTest(@TempDir Path directory) {
    Time time = new Time(InstantSource.system(), System::nanoTime);
    Store store = new Store(vertx, StoreConfig.with(url), directory, new Bus(vertx), time);
    database = store.database();
    Agent.wait(ReadyStore.deploy(vertx, store));
  }

  @AfterEach
  void close() {
    Agent.wait(vertx.close());
  }

  private PgViews agent(String name) {
    return new PgViews(database, name);
  }

  private static Mention mention(
      Place place, long pid, Instant now, @Nullable Duration ended, boolean vacant) {
    return new Mention(
        "images",
        "images@" + pid,
        new ProcessIdentity(place.bootId(), pid, pid * 10),
        pid + 1,
        now.minusSeconds(60),
        ended == null ? null : now.minus(ended),
        vacant);
  }

  private void publish(PgViews agent, Place place, long... pids) {
    Agent.wait(
        agent.publish(
            place,
            "/home",
            now ->
                Future.succeededFuture(
                    Arrays.stream(pids)
                        .mapToObj(
                            pid ->
                                pid < 0
                                    ? mention(place, -pid, now, Duration.ofSeconds(3), true)
                                    : mention(place, pid, now, null, false))
                        .toList())));
  }

  private List<String> rows(String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  @Test
  void eachReadsWhatTheOtherPublished() {
    PgViews one = agent("same-name");
    PgViews two = agent("same-name");
    publish(one, ONE, 7, -8);
    publish(two, TWO, 7);
    Views views = Agent.wait(one.read(Views.none(ONE), 5));
    assertEquals(1, views.all().size());
    assertEquals(TWO, views.all().getFirst().place());
    assertEquals(5, views.mark());
    View seen = Agent.wait(two.read(Views.none(TWO), 0)).all().getFirst();
    assertEquals("same-name", seen.agent());
    Mention alive = seen.processes().getFirst();
    assertEquals(mention(ONE, 7, alive.startedAt().plusSeconds(60), null, false), alive);
    Mention gone = seen.processes().getLast();
    assertEquals(
        mention(ONE, 8, gone.startedAt().plusSeconds(60), Duration.ofSeconds(3), true), gone);
  }

  @Test
  void aViewIsAsOldAsTheLookAndNoClockOfAHostTakesPart() {
    PgViews one = agent("one");
    List<Instant> told = new ArrayList<>();
    Agent.wait(
        one.publish(
            ONE,
            "/home",
            now -> {
              told.add(now);
              return Future.succeededFuture(List.of());
            }));
    Views views = Agent.wait(agent("two").read(Views.none(TWO), 0));
    View view = views.all().getFirst();
    assertEquals(told, List.of(view.seenAt()));
    assertTrue(views.fresh(view, 0));
    assertFalse(views.fresh(view, Views.FRESH.toNanos()));
    TestPostgres.execute(url, "UPDATE selfheal.views SET seen_at = seen_at - interval '1 hour'");
    Views later = Agent.wait(agent("two").read(views, 0));
    assertFalse(later.fresh(later.all().getFirst(), 0));
    TestPostgres.execute(url, "UPDATE selfheal.views SET seen_at = seen_at + interval '2 hours'");
    Views ahead = Agent.wait(agent("two").read(later, 0));
    assertFalse(ahead.fresh(ahead.all().getFirst(), 0));
  }

  @Test
  void whatIsAsItWasIsNotWrittenAndNotReadAgain() throws SQLException {
    String processes =
        "SELECT xmin || ' ' || ctid || ' ' || pid FROM selfheal.view_processes ORDER BY pid";
    PgViews one = agent("one");
    PgViews two = agent("two");
    publish(one, ONE, 7, 8, 9);
    List<String> before = rows(processes);
    Views first = Agent.wait(two.read(Views.none(TWO), 0));
    publish(one, ONE, 7, 8, 9);
    assertEquals(before, rows(processes));
    Views same = Agent.wait(two.read(first, 0));
    assertEquals(first.all().getFirst().version(), same.all().getFirst().version());
    assertEquals(first.all().getFirst().processes(), same.all().getFirst().processes());
    assertTrue(same.all().getFirst().seenAt().isAfter(first.all().getFirst().seenAt()));

    publish(one, ONE, 7, -8, 10);
    List<String> after = rows(processes);
    assertEquals(before.getFirst(), after.getFirst());
    assertNotEquals(before.get(1), after.get(1));
    View changed = Agent.wait(two.read(same, 0)).all().getFirst();
    assertNotEquals(same.all().getFirst().version(), changed.version());
    assertEquals(
        List.of(7L, 8L, 10L),
        changed.processes().stream().map(each -> each.process().pid()).sorted().toList());
    assertEquals(1, changed.processes().stream().filter(each -> !each.living()).count());
    publish(one, ONE);
    assertEquals(List.of(), Agent.wait(two.read(same, 0)).all().getFirst().processes());
  }

  @Test
  void theTouchesStayInTheirPage() throws SQLException {
    PgViews one = agent("one");
    IntStream.range(0, 300).forEach(round -> publish(one, ONE, 7));
    assertEquals(List.of("1"), rows("SELECT count(DISTINCT ctid) FROM selfheal.views"));
    assertEquals(List.of("8192"), rows("SELECT pg_relation_size('selfheal.views')"));
  }

  @Test
  void runsThatAreOverAreTidiedAway() throws SQLException {
    String agents = "SELECT agent || ' ' || boot_id FROM selfheal.views ORDER BY 1";
    publish(agent("one"), ONE, 7);
    publish(agent("one"), TWO, 7);
    PgViews next = agent("one");
    publish(next, ONE, 8);
    Agent.wait(next.tidy(ONE, "/home", Set.of("boot-0")));
    assertEquals(List.of("one boot-1", "one boot-2"), rows(agents));
    assertEquals(List.of("7", "8"), rows("SELECT pid FROM selfheal.view_processes ORDER BY 1"));
    TestPostgres.execute(
        url,
        "UPDATE selfheal.views SET seen_at = now() - interval '25 hours' WHERE boot_id = 'boot-2'");
    Agent.wait(next.tidy(ONE, "/home", Set.of()));
    assertEquals(List.of("one boot-1"), rows(agents));
    Agent.wait(next.withdraw());
    assertEquals(List.of(), rows("SELECT pid FROM selfheal.view_processes"));
  }

  @Test
  void viewsOfBootsThatAreOverAreTidiedAwayWhoeverPublishedThem() throws SQLException {
    publish(agent("one"), TWO, 7);
    publish(agent("other"), TWO, 8);
    PgViews next = agent("one");
    publish(next, ONE, 9);
    Agent.wait(next.tidy(ONE, "/home", Set.of("boot-2")));
    assertEquals(List.of("9"), rows("SELECT pid FROM selfheal.view_processes"));
  }

  @Test
  void theLookIsOnTheContextOfTheCaller() {
    Promise<Context> caller = Promise.promise();
    Promise<Context> looker = Promise.promise();
    vertx.runOnContext(
        nothing -> {
          caller.complete(vertx.getOrCreateContext());
          agent("one")
              .publish(
                  ONE,
                  "/home",
                  now -> {
                    looker.complete(vertx.getOrCreateContext());
                    return Future.succeededFuture(List.of());
                  });
        });
    assertEquals(Agent.wait(caller.future()), Agent.wait(looker.future()));
  }
}
