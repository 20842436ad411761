package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.BudgetEvent;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.PermitRequests.Uncounted;
import io.selfheal.store.Database;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that share budgets on one real PostgreSQL. */
@Timeout(120)
class BudgetSharingTest {
  private static final long UNIT = 1_000_000;
  private static final List<Outages.Mode> MODES =
      List.of(
          Outages.Mode.WELL,
          Outages.Mode.WELL,
          Outages.Mode.WELL,
          Outages.Mode.AWAY,
          Outages.Mode.ANSWER_LOST,
          Outages.Mode.DONE_LATE);
  private static final String[] HUNDRED = {"name: a", "budget: {amount: 100}"};

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url;
  private final Database database;
  private final Path directory;

  BudgetSharingTest(@TempDir Path directory) {
    this.directory = directory;
    SharedDatabase shared = SharedDatabase.open(vertx, directory);
    url = shared.url();
    database = shared.database();
  }

  @AfterEach
  void close() {
    Sharer.get(vertx.close());
  }

  private Sharer agent(String name, String... lines) {
    return new Sharer(vertx, database, directory.resolve(name), lines);
  }

  private long number(String sql) {
    try (Connection connection = TestPostgres.connect(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private long granted() {
    assertEquals(
        number("SELECT coalesce(sum(granted), 0) FROM selfheal.budget_shares"),
        number("SELECT coalesce(sum(granted), 0) FROM selfheal.budgets"));
    return number("SELECT coalesce(sum(granted), 0) FROM selfheal.budgets");
  }

  /** Spends in bits until it is told that nothing is left. */
  private static long spendAll(Sharer agent, long bit) {
    long spent = 0;
    int asked = 0;
    while (asked < 20) {
      if (agent.ask(bit) instanceof Granted granted) {
        agent.report(granted.permit(), bit);
        spent += bit;
        asked = 0;
      } else {
        asked++;
        agent.pass(Duration.ofMillis(500)).round();
      }
    }
    return spent;
  }

  @Test
  void oneThatIsAloneCanUseAllOfIt() {
    Sharer agent = agent("one", HUNDRED).round();
    assertEquals(4 * UNIT, granted());
    assertEquals(100 * UNIT, spendAll(agent, UNIT / 10));
    Refused refused = assertInstanceOf(Refused.class, agent.ask(UNIT / 10));
    assertEquals(Reason.BUDGET_EXHAUSTED, refused.reason());
    assertTrue(refused.detail().contains("what is left of 100.00 USD a day"), refused.detail());
    assertEquals(100 * UNIT, granted());
  }

  @Test
  void idleOnesGiveBackWhatTheyDoNotUse() {
    Sharer busy = agent("busy", HUNDRED).round();
    List<Sharer> idle = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      idle.add(agent("idle" + i, HUNDRED).round());
    }
    Sharer once = idle.getFirst();
    once.report(assertInstanceOf(Granted.class, once.ask(UNIT)).permit(), UNIT);
    long spent = spendAll(busy, UNIT / 10);
    for (int round = 0; round < 3; round++) {
      idle.forEach(agent -> agent.pass(Duration.ofSeconds(61)).round());
      spent += spendAll(busy, UNIT / 10);
    }
    assertTrue(spent >= 97 * UNIT, "spent " + spent);
    assertTrue(granted() <= 100 * UNIT);
    assertTrue(once.ask(UNIT / 100) instanceof Refused);
  }

  @Test
  void whatIsGrantedMayBeUsedUpWhileTheDatabaseIsAwayAlsoByTheNextRun() {
    Sharer first = agent("one", HUNDRED).round();
    first.database.mode(Outages.Mode.AWAY);
    first.report(assertInstanceOf(Granted.class, first.ask(2 * UNIT)).permit(), 2 * UNIT);
    Sharer agent = first.round().crash();
    agent.database.mode(Outages.Mode.AWAY);
    agent.round();
    assertInstanceOf(Granted.class, agent.ask(2 * UNIT));
    Refused refused = assertInstanceOf(Refused.class, agent.ask(1));
    assertEquals(Reason.BUDGET_EXHAUSTED, refused.reason());
    assertTrue(refused.detail().contains("the database is away"), refused.detail());
    assertEquals(Duration.ofSeconds(5), refused.retryAfter());
    agent.database.mode(Outages.Mode.WELL);
    assertEquals(96 * UNIT, spendAll(agent.round(), UNIT));
  }

  /** A clean end leaves to the others all that was not spent. */
  @Test
  void aRunTakesUpItsOwnShareAndAnEndGivesItBack() {
    Sharer one = agent("one", HUNDRED).round();
    one.report(assertInstanceOf(Granted.class, one.ask(3 * UNIT)).permit(), 3 * UNIT);
    one = one.crash().round();
    assertEquals("3.00", one.service().budget().spent().toPlainString());
    one = one.restart();
    assertEquals(3 * UNIT, granted());
    assertEquals(97 * UNIT, spendAll(agent("two", HUNDRED).round(), UNIT));
    assertInstanceOf(Refused.class, one.round().ask(1));
  }

  @Test
  void theSmallerAmountWinsWhileItsAgentLives() {
    Sharer rich = agent("rich", HUNDRED).round();
    Sharer poor = agent("poor", "name: a", "budget: {amount: 50}").round();
    assertEquals(50 * UNIT, spendAll(rich, UNIT) + spendAll(poor, UNIT));
    TestPostgres.execute(
        url, "UPDATE selfheal.guards SET seen_at = now() - interval '1 hour' WHERE agent = 'poor'");
    assertTrue(spendAll(rich, UNIT) >= 45 * UNIT);
  }

  /** The warning is of what all have used, and comes to the one that passes the mark. */
  @Test
  void whatAllUseTogetherIsWarnedOf() {
    Sharer one = agent("one", HUNDRED).round();
    Sharer two = agent("two", HUNDRED).round();
    assertEquals(50 * UNIT, spend(one, 50));
    one.pass(Duration.ofSeconds(6)).round();
    assertEquals(31 * UNIT, spend(two, 31));
    assertEquals(List.of(), one.events);
    BudgetEvent.Warned warned = assertInstanceOf(BudgetEvent.Warned.class, two.events.getFirst());
    assertEquals(0, warned.used().compareTo(new BigDecimal("80.00")), warned.toString());
  }

  private static long spend(Sharer agent, int calls) {
    for (int call = 0; call < calls; call++) {
      agent.report(assertInstanceOf(Granted.class, agent.ask(UNIT)).permit(), UNIT);
      agent.round();
    }
    return calls * UNIT;
  }

  @Test
  void aNewPeriodIsThereWhenItBegins() {
    Sharer agent = agent("one", HUNDRED).round();
    agent.report(assertInstanceOf(Granted.class, agent.ask(UNIT)).permit(), UNIT);
    agent.pass(Duration.ofHours(12).minusSeconds(30)).round();
    agent.pass(Duration.ofSeconds(31));
    agent.database.mode(Outages.Mode.AWAY);
    assertInstanceOf(Granted.class, agent.ask(UNIT));
    assertEquals(2, number("SELECT count(*) FROM selfheal.budgets"));
  }

  /** Two with the same data directory, copied, find out and do not share a share. */
  @Test
  void aCopyOfTheDataDirectoryIsFoundOut() {
    Sharer one = agent("one", HUNDRED).round();
    Sharer copy = one.crash().round();
    one.database.mode(Outages.Mode.WELL);
    one.report(assertInstanceOf(Granted.class, one.ask(2 * UNIT)).permit(), 2 * UNIT);
    one.pass(Duration.ofSeconds(6)).round().round();
    assertEquals(2, number("SELECT count(*) FROM selfheal.budget_shares"));
    assertTrue(spendAll(one, UNIT) + spendAll(copy, UNIT) + 2 * UNIT <= 100 * UNIT);
  }

  /** One client: a permit that it holds, of an agent. */
  private static final class Client {
    private int agent;
    private String permit = "";
    private long reserved;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void underCrashesAndOutagesNothingIsSpentTwiceOrForgotten(long seed) {
    Random random = new Random(seed);
    List<Sharer> agents = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      agents.add(agent("agent" + i, "name: a", "budget: {amount: 40}"));
    }
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(new Client());
    }
    long spent = 0;
    for (int step = 0; step < 600; step++) {
      int chosen = random.nextInt(agents.size());
      Sharer agent = agents.get(chosen);
      int dice = random.nextInt(100);
      if (dice < 70) {
        spent += call(clients.get(random.nextInt(clients.size())), agents, random);
      } else if (dice < 90) {
        agent.pass(Duration.ofMillis(random.nextInt(8000))).beginRound();
      } else if (dice < 94) {
        agent.database.mode(MODES.get(random.nextInt(MODES.size())));
      } else if (dice < 96) {
        Sharer.get(agent.database.catchUp());
      } else if (dice < 98) {
        agents.set(chosen, agent.crash());
      } else {
        agents.set(chosen, agent.restart());
      }
      assertTrue(spent <= 40 * UNIT, "spent " + spent + " at step " + step);
    }
    agents.forEach(agent -> agent.database.mode(Outages.Mode.WELL));
    agents.forEach(agent -> agent.pass(Duration.ofSeconds(90)).round());
    assertTrue(granted() <= 40 * UNIT);
    for (Sharer agent : agents) {
      spent += spendAll(agent, UNIT / 10);
    }
    assertTrue(spent <= 40 * UNIT, "spent " + spent);
    assertTrue(spent >= 36 * UNIT, "nearly all could be spent: " + spent);
  }

  /** What it adds to what may have been spent. */
  private static long call(Client client, List<Sharer> agents, Random random) {
    if (!client.permit.isEmpty()) {
      long cost = random.nextLong(client.reserved + 1);
      Uncounted why = agents.get(client.agent).report(client.permit, cost).reason();
      client.permit = "";
      boolean settled = why == null || why == Uncounted.LAPSED;
      // What an earlier run had reserved may all have been spent.
      return settled ? cost - client.reserved : 0;
    }
    client.agent = random.nextInt(agents.size());
    client.reserved = 1 + random.nextLong(random.nextInt(8) == 0 ? 5 * UNIT : UNIT / 2);
    if (agents.get(client.agent).ask(client.reserved) instanceof Granted granted) {
      client.permit = granted.permit();
      return client.reserved;
    }
    return 0;
  }
}
