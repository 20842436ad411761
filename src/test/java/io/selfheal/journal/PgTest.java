package io.selfheal.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.Event;
import io.selfheal.message.Incident;
import io.selfheal.message.JobEvent;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.JournalRequests.ListIncidents;
import io.selfheal.message.JournalRequests.ReadTrace;
import io.selfheal.message.Recorded;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.store.EmbeddedPostgres;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.ReadyStore;
import io.selfheal.store.Store;
import io.selfheal.store.StoreConfig;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on a real file and the real PostgreSQL. */
class PgTest {
  @TempDir Path directory;
  private final HandTime time = new HandTime();
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);

  private PgArchive archive(PostgresUrl url, String agent, Duration retain) {
    Time real = new Time(InstantSource.system(), System::nanoTime);
    Store store = new Store(vertx, StoreConfig.with(url), directory, bus, real);
    House.await(ReadyStore.deploy(vertx, store));
    return new PgArchive(store.database(), agent, retain);
  }

  @AfterEach
  void close() {
    House.await(vertx.close());
  }

  private House house(String agent, Archive archive) {
    return new House(directory.resolve(agent), archive, time, JournalConfig.DEFAULT, agent);
  }

  private static long number(PostgresUrl url, String sql) throws SQLException {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertTrue(rows.next());
      return rows.getLong(1);
    }
  }

  /** Until PostgreSQL has all: each crank brings one batch. */
  private static void drain(House house) {
    for (int i = 0; i < 1_000 && house.status().spooled() > 0; i++) {
      house.crank(Journal::write);
      house.crank(Journal::replay);
      house.crank(Journal::write);
    }
    assertEquals(0, house.status().spooled());
  }

  @Test
  void eachEventIsOnceInTheTableThoughItIsWrittenTwice() throws SQLException {
    PostgresUrl url = TestPostgres.freshDatabase();
    PgArchive archive = archive(url, "one", Duration.ofDays(30));
    try (House house = house("one", archive)) {
      List<Recorded> events = house.publish(1_200, "a");
      drain(house);
      House.await(archive.write(events));
      long newest = house.status().newest();
      assertEquals(newest, number(url, "SELECT count(*) FROM selfheal.events"));
      assertEquals(newest, number(url, "SELECT count(DISTINCT id) FROM selfheal.events"));
      List<Recorded> read = House.await(archive.after(events.getFirst().epoch(), 0, 2_000));
      Recorded first = events.getFirst();
      Recorded same = read.get((int) first.offset() - 1);
      assertEquals(new String(first.json(), UTF_8), new String(same.json(), UTF_8));
      assertEquals(first.time(), same.time());
      assertEquals(first.id(), same.id());
    }
  }

  @Test
  void postgresqlIsStoppedAndComesBackAndHasEachEventOnce() throws Exception {
    EmbeddedPostgres server = TestPostgres.ownServer(directory.resolve("pg"));
    PostgresUrl url = server.start();
    try (House house = house("one", archive(url, "one", Duration.ofDays(30)))) {
      house.publish(100, "a");
      drain(house);
      server.stop();
      house.publish(700, "b");
      house.save(House.incident("i-1", Incident.State.HEALING));
      house.next("journal.degraded");
      assertEquals(500, house.read(house.status().epoch(), 0, 500).events().size());
      PostgresUrl again = server.start();
      assertEquals(url, again);
      vertx.setPeriodic(100, turn -> time.pass(Duration.ofSeconds(1)));
      house.next("journal.recovered");
      drain(house);
      assertEquals(house.status().newest(), number(url, "SELECT count(*) FROM selfheal.events"));
      assertEquals(1, number(url, "SELECT count(*) FROM selfheal.incidents"));
    } finally {
      server.stop();
    }
  }

  @Test
  void twoAgentsShareOneDatabase() throws SQLException {
    PostgresUrl url = TestPostgres.freshDatabase();
    PgArchive one = archive(url, "one", Duration.ofDays(30));
    PgArchive two = archive(url, "two", Duration.ofDays(30));
    try (House first = house("one", one);
        House second = house("two", two)) {
      first.publish(50, "a");
      second.publish(70, "b");
      second.save(House.incident("i-2", Incident.State.HEALING, "two"));
      second.save(House.incident("i-3", Incident.State.CLOSED, "two"));
      first.save(House.incident("i-1", Incident.State.HEALING, "one"));
      drain(first);
      drain(second);
      assertEquals(
          first.status().newest() + second.status().newest(),
          number(url, "SELECT count(*) FROM selfheal.events"));
      List<Incident> open =
          first.ask(JournalRequests.INCIDENTS, new ListIncidents(true, null, 10)).incidents();
      assertEquals(List.of("i-2", "i-1"), open.stream().map(Incident::id).toList());
      assertEquals(
          House.incident("i-3", Incident.State.CLOSED, "two"), first.find("i-3").incident());
    }
  }

  @Test
  void whatBelongsToAJobOrAnIncidentIsFoundWhicheverAgentWroteIt() throws SQLException {
    PostgresUrl url = TestPostgres.freshDatabase();
    PgArchive one = archive(url, "one", Duration.ofDays(30));
    PgArchive two = archive(url, "two", Duration.ofDays(30));
    String job = "job/images/42";
    try (House first = house("one", one);
        House second = house("two", two)) {
      first.bus.publish(left("42", null));
      first.next("job.left");
      drain(first);
      time.pass(Duration.ofSeconds(1));
      second.bus.publish(rescued("42", "i-2"));
      second.bus.publish(rescued("43", "i-2"));
      second.next(event -> event.subject().equals("job/images/43"));
      drain(second);
      time.pass(Duration.ofSeconds(1));
      first.bus.publish(left("42", "i-2"));
      first.next("job.left");
      for (House house : List.of(first, second)) {
        assertEquals(
            house == first ? List.of("left", "rescued", "left") : List.of("left", "rescued"),
            kinds(house.ask(JournalRequests.TRACE, new ReadTrace(null, job, List.of(), 10))));
      }
      assertEquals(
          List.of("rescued", "rescued", "left"),
          kinds(first.ask(JournalRequests.TRACE, new ReadTrace("i-2", null, List.of(), 10))));
      Events newest =
          first.ask(JournalRequests.TRACE, new ReadTrace("i-2", job, List.of("job.*"), 1));
      assertEquals(List.of("left"), kinds(newest));
      assertTrue(newest.more() && newest.complete());
      for (House house : List.of(first, second)) {
        assertEquals(List.of("rescued"), ending(house, "job/images/", "3"));
        assertEquals(List.of(), ending(house, "job/image", "/43x"));
        assertEquals(List.of(), ending(house, "job/images/4", "43"));
      }
    }
    assertEquals(1, number(url, "SELECT count(*) FROM pg_indexes WHERE indexname = 'events_job'"));
  }

  @Test
  void aJobIsFoundAmongManyOfAnEventInTheSpoolAndInPostgresql() {
    PostgresUrl url = TestPostgres.freshDatabase();
    try (House here = house("one", archive(url, "one", Duration.ofDays(30)));
        House other = house("two", archive(url, "two", Duration.ofDays(30)))) {
      here.bus.publish(decided("42", "[\"mails\", \"57d6\"]"));
      here.bus.publish(decided("4", "43"));
      here.bus.publish(rescued("42", "i-2"));
      here.next("job.rescued");
      drain(here);
      for (House house : List.of(here, other)) {
        assertEquals(List.of("decided", "rescued"), of(house, "job/images/42"));
        assertEquals(List.of("decided"), of(house, "job/images/4"));
        assertEquals(List.of(), of(house, "job/images/2"));
        assertEquals(List.of(), of(house, "job/other/42"));
        assertEquals(List.of("decided"), of(house, "job/images/[\"mails\", \"57d6\"]"));
        assertEquals(List.of("decided"), ending(house, "job/images/", "\"57d6\"]"));
      }
    }
  }

  private static List<String> of(House house, String job) {
    return kinds(house.ask(JournalRequests.TRACE, new ReadTrace(null, job, List.of(), 10)));
  }

  private static Event decided(String... jobs) {
    Verdict dead = Verdict.of(Ruling.DEAD, "it is");
    List<String> ids = List.of(jobs);
    JobEvent.Decision one = new JobEvent.Decision(Effect.REQUEUE, "a test", dead, ids);
    return new JobEvent.Decided("images", List.of(one), "i-3");
  }

  private static List<String> ending(House house, String begin, String end) {
    return kinds(house.ask(JournalRequests.TRACE, new ReadTrace(null, begin, end, List.of(), 10)));
  }

  private static List<String> kinds(Events events) {
    return events.events().stream().map(event -> event.type().substring(4)).toList();
  }

  private static Event left(String job, @Nullable String incident) {
    return new JobEvent.Left("images", job, "a test", Verdict.of(Ruling.ALIVE, "it is"), incident);
  }

  private static Event rescued(String job, String incident) {
    Verdict dead = Verdict.of(Ruling.DEAD, "it is");
    return new JobEvent.Rescued("images", job, Effect.REQUEUE, "a test", dead, incident);
  }

  @Test
  void theOldIsReadFromPostgresqlAndTheNewFromTheSpool() {
    PgArchive archive = archive(TestPostgres.freshDatabase(), "one", Duration.ofDays(30));
    JournalConfig tiny = new JournalConfig(Duration.ofDays(30), 100_000);
    try (House house = new House(directory.resolve("s"), archive, time, tiny, "one")) {
      long epoch = house.status().epoch();
      for (int i = 0; i < 15; i++) {
        house.publish(100, "a" + i + ".");
        drain(house);
      }
      house.publish(100, "b");
      house.crank(Journal::write);
      long after = 0;
      long expected = 1;
      Events page = house.read(epoch, after, 400);
      while (true) {
        assertTrue(page.complete(), "behind " + after);
        for (Recorded event : page.events()) {
          assertEquals(expected++, event.offset());
        }
        after = page.last();
        if (!page.more()) {
          break;
        }
        page = house.read(epoch, after, 400);
      }
      assertTrue(expected > 1_600);
      assertEquals(500, house.read(0, 0, 500, "agent.*").events().size());
    }
  }

  @Test
  void oldDaysAreDroppedAndEventsOfAnyDayHaveRoom() throws SQLException {
    PostgresUrl url = TestPostgres.freshDatabase();
    PgArchive archive = archive(url, "one", Duration.ofDays(3));
    try (House house = house("one", archive)) {
      house.publish(10, "a");
      drain(house);
      time.pass(Duration.ofDays(2));
      house.publish(10, "b");
      drain(house);
      house.crank(Journal::maintain);
      String old = "SELECT count(*) FROM selfheal.events WHERE time < '2026-03-02'";
      assertTrue(number(url, old) >= 10);
      time.pass(Duration.ofDays(2));
      house.crank(Journal::maintain);
      assertEquals(0, number(url, old));
      assertTrue(number(url, "SELECT count(*) FROM selfheal.events") >= 10);
      assertFalse(house.read(house.status().epoch(), 0, 500).events().isEmpty());
    }
  }

  @Test
  void whatPostgresqlCannotHoldDoesNotHoldUpTheRest() throws SQLException {
    PostgresUrl url = TestPostgres.freshDatabase();
    try (House house = house("one", archive(url, "one", Duration.ofDays(30)))) {
      house.bus.publish(House.fact("nul\0nul"));
      house.publish(10, "a");
      drain(house);
      assertEquals(house.status().newest(), number(url, "SELECT count(*) FROM selfheal.events"));
    }
  }
}
