package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Time;
import io.selfheal.message.BreakerState;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.ServiceRequests.Hand;
import io.selfheal.store.Database;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guards that tell each other of open breakers on one real PostgreSQL. */
@Timeout(60)
class BreakerSharingTest {
  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url;
  private final Database database;

  BreakerSharingTest(@TempDir Path directory) {
    SharedDatabase shared = SharedDatabase.open(vertx, directory);
    url = shared.url();
    database = shared.database();
  }

  @AfterEach
  void close() {
    Sharer.get(vertx.close());
  }

  /** One agent, whose clocks and rounds are turned by hand. */
  private final class Peer {
    final Rig rig;
    final Outages outages = new Outages(database);
    private final BreakerSharing sharing;

    Peer(String name, String... lines) {
      rig = new Rig(lines);
      Time time = new Time(() -> Instant.ofEpochMilli(rig.wall), () -> rig.mark);
      UUID id = UUID.randomUUID();
      sharing = new BreakerSharing(vertx, time, rig.guard, () -> id, name, outages);
    }

    Peer round() {
      Sharer.get(sharing.round());
      return this;
    }

    BreakerState state() {
      return rig.service().breaker().state();
    }
  }

  private Peer peer(String name) {
    return new Peer(name, "name: a", "breaker: {open_for: 1h, shared: {quorum: 2}}");
  }

  @Test
  void oneAloneOpensNobodyElsesAndTwoDo() {
    Peer one = peer("one");
    Peer two = peer("two");
    Peer three = peer("three");
    one.rig.failures(5);
    one.round();
    two.round();
    three.round();
    assertEquals(BreakerState.CLOSED, two.state());
    assertEquals(1, two.rig.service().breaker().openElsewhere());
    two.rig.failures(5);
    two.round();
    three.round();
    assertEquals(BreakerState.OPEN, three.state());
    assertEquals(
        "2 of 3 agents have it open; one: 5 failures in a row",
        three.rig.service().breaker().reason());
    assertEquals(0, three.rig.service().breaker().openings());
    assertEquals(2, three.rig.service().breaker().openElsewhere());
    Instant until = three.rig.service().breaker().until();
    assertFalse(until.isAfter(one.rig.service().breaker().until()), until.toString());

    // What was opened only because of others is not counted by others.
    Peer four = new Peer("four", "name: a", "breaker: {shared: {quorum: 3}}");
    four.round();
    assertEquals(BreakerState.CLOSED, four.state());
    assertEquals(2, four.rig.service().breaker().openElsewhere());
  }

  @Test
  void itLooksAgainWhenTheOthersHaveClosedItAndByItselfWhenTheFirstWould() {
    Peer one = peer("one");
    Peer two = peer("two");
    Peer three = peer("three");
    one.rig.failures(5);
    two.rig.failures(5);
    one.round();
    two.round();
    assertEquals(BreakerState.OPEN, three.round().state());
    two.rig.force(Hand.RESET, null);
    two.round();
    assertEquals(BreakerState.HALF_OPEN, three.round().state());
    three.rig.successes(2);
    assertEquals(BreakerState.CLOSED, three.state());

    Peer five = peer("five");
    two.rig.failures(5);
    two.round();
    assertEquals(BreakerState.OPEN, five.round().state());
    five.rig.pass(Duration.ofHours(1));
    assertEquals(BreakerState.HALF_OPEN, five.state());
    five.rig.report(five.rig.permit(), CallOutcome.FAILURE);
    assertEquals(BreakerState.OPEN, five.state());
    assertEquals(1, five.rig.service().breaker().openings());
  }

  /** It works from here: what others see is their own. */
  @Test
  void anAgentWhoseCallsGoWellIsNotStoppedByOthers() {
    Peer one = peer("one");
    Peer two = peer("two");
    Peer well = peer("well");
    one.rig.failures(5);
    two.rig.failures(5);
    one.round();
    two.round();
    well.rig.pass(Duration.ofSeconds(30)).successes(1);
    assertEquals(BreakerState.CLOSED, well.round().state());
    assertEquals(2, well.rig.service().breaker().openElsewhere());
  }

  @Test
  void agentsThatAreNotSeenDoNotCountAndWithoutADatabaseEachJudgesAlone() {
    Peer one = peer("one");
    Peer two = peer("two");
    Peer three = peer("three");
    one.rig.failures(5);
    two.rig.failures(5);
    one.round();
    two.round();
    three.outages.mode(Outages.Mode.AWAY);
    assertEquals(BreakerState.CLOSED, three.round().state());
    TestPostgres.execute(
        url,
        "UPDATE selfheal.guards SET seen_at = now() - interval '1 minute' WHERE agent = 'two'");
    three.outages.mode(Outages.Mode.WELL);
    assertEquals(BreakerState.CLOSED, three.round().state());
    two.rig.pass(Duration.ofSeconds(6));
    two.round();
    assertEquals(BreakerState.OPEN, three.round().state());
    assertTrue(one.rig.types().contains("breaker.opened"));
  }
}
