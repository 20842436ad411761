package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.bus.Bus;
import io.selfheal.message.AgentEvent;
import io.selfheal.message.BreakerEvent;
import io.selfheal.message.ComponentEvent;
import io.selfheal.message.Event;
import io.selfheal.message.HealRequests;
import io.selfheal.message.HealRequests.Pause;
import io.selfheal.message.HealRequests.ReadSwitch;
import io.selfheal.message.HealRequests.Resume;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.Incident;
import io.selfheal.message.Incident.State;
import io.selfheal.message.IncidentEvent;
import io.selfheal.message.WorkerRequests.Liveness;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The healer on the real bus, beside a toy world. */
@Timeout(120)
class HealerTest {
  private final Scene.Hands hands = new Scene.Hands();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private Bus bus;
  private ToyWorld world;
  private Healer healer;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    bus.onEvent(events::add);
    world = new ToyWorld(bus);
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private void deploy() throws Exception {
    healer =
        new Healer(Scene.CONFIG, Scene.BOOK, "agent", "boot", Scene.alone(), bus, hands.time());
    await(vertx.deployVerticle(healer));
  }

  private void undeploy() throws Exception {
    await(vertx.undeploy(healer.deploymentID()));
  }

  /** Turns the time by hand, with room for every answer, until something holds. */
  private void until(BooleanSupplier holds) throws Exception {
    for (int i = 0; i < 2000 && !holds.getAsBoolean(); i++) {
      for (int hop = 0; hop < 6; hop++) {
        await(healer.tick());
      }
      hands.turn(Duration.ofMillis(100));
    }
    assertTrue(holds.getAsBoolean(), () -> "never came: " + world.disk + " after " + events);
  }

  private <E extends Event> List<E> said(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private Incident only() {
    assertEquals(1, world.disk.size(), () -> "incidents: " + world.disk);
    return world.disk.firstEntry().getValue();
  }

  private boolean over() {
    return !world.disk.isEmpty()
        && world.disk.values().stream().allMatch(one -> one.state().over());
  }

  @Test
  void lostWorkerIsHealed() throws Exception {
    deploy();
    world.kill();
    bus.publish(Scene.lost(4711));
    until(this::over);
    assertEquals(State.CLOSED, only().state());
    assertEquals(List.of("requeue", "requeue", "start"), kinds());
    assertEquals(1, said(IncidentEvent.Closed.class).size());
    assertTrue(
        said(IncidentEvent.Closed.class).getFirst().result().startsWith("healed in "),
        () -> events.toString());
  }

  private List<String> kinds() {
    return world.effects.stream().map(effect -> effect.split(" ", 2)[0]).sorted().toList();
  }

  @Test
  void manySymptomsOfOneSlotAreOneIncident() throws Exception {
    deploy();
    world.kill();
    for (int i = 0; i < 50; i++) {
      bus.publish(Scene.lost(4711));
      bus.publish(Scene.stuck("1", "2"));
    }
    until(this::over);
    assertEquals(1, said(IncidentEvent.Opened.class).size());
    assertTrue(
        only().timeline().stream().anyMatch(entry -> entry.kind().equals("linked")),
        () -> only().timeline().toString());
  }

  @Test
  void diesAtEachMomentOfHealingALostWorkerAndActsOnce() throws Exception {
    int moments = eachMoment(false);
    assertTrue(moments >= 8, "only " + moments + " moments were tried");
  }

  @Test
  void diesAtEachMomentOfHealingAFrozenWorkerAndActsOnce() throws Exception {
    int moments = eachMoment(true);
    assertTrue(moments >= 12, "only " + moments + " moments were tried");
  }

  /** Lets the agent die before and after each write and effect, until it gets through alive. */
  private int eachMoment(boolean frozen) throws Exception {
    for (int moment = 0; ; moment++) {
      close();
      events.clear();
      open();
      if (frozen) {
        world.liveness = Liveness.FROZEN;
      } else {
        world.kill();
      }
      Event symptom = frozen ? Scene.frozen(4711) : Scene.lost(4711);
      world.dieAt(moment);
      deploy();
      bus.publish(symptom);
      until(() -> world.died().getCount() == 0 || over());
      if (world.died().getCount() > 0) {
        checkOnce(frozen, "never died");
        return moment;
      }
      undeploy();
      world.live();
      deploy();
      if (world.disk.isEmpty()) {
        // Nothing was known of it: the next look at the workers says it again.
        bus.publish(symptom);
      }
      until(this::over);
      checkOnce(frozen, "died at moment " + moment);
    }
  }

  private void checkOnce(boolean frozen, String when) {
    List<String> expected =
        frozen
            ? List.of("end", "requeue", "requeue", "start")
            : List.of("requeue", "requeue", "start");
    assertEquals(expected, kinds(), when);
    assertEquals(Map.of("1", 1, "2", 1), world.requeues, when);
    assertEquals(State.CLOSED, only().state(), when + ": " + only());
    if (frozen) {
      assertEquals("end 4711", world.effects.getFirst(), when);
    }
  }

  @Test
  void whileTheAgentStopsNothingIsHealedAndNothingForgotten() throws Exception {
    deploy();
    world.diskFull = true;
    world.kill();
    bus.publish(Scene.lost(4711));
    until(() -> said(IncidentEvent.Opened.class).size() == 1);
    world.diskFull = false;
    until(() -> !world.disk.isEmpty());
    bus.publish(new AgentEvent.Stopping("agent", "a test"));
    bus.publish(Scene.stuck("1", "2"));
    bus.publish(Scene.lost("letters", 4712));
    for (int i = 0; i < 50; i++) {
      await(healer.tick());
      hands.turn(Duration.ofMillis(100));
    }
    assertEquals(1, said(IncidentEvent.Opened.class).size());
    undeploy();
    deploy();
    until(this::over);
    assertEquals(State.CLOSED, only().state());
  }

  @Test
  void stuckJobsOfAnotherSourceDoNotWaitForAWorkerWhoseJobsNobodyCanRead() throws Exception {
    deploy();
    world.databaseAway = true;
    world.kill();
    bus.publish(Scene.lost(4711));
    until(() -> kinds().equals(List.of("start")));
    until(() -> only().timeline().stream().anyMatch(entry -> entry.kind().equals("deferred")));
    bus.publish(Scene.stuckIn("letters", "7"));
    until(() -> said(IncidentEvent.Opened.class).size() == 2);
    assertEquals("source/letters", said(IncidentEvent.Opened.class).getLast().subject());
    world.databaseAway = false;
    until(this::over);
  }

  @Test
  void nothingIsDoneWithoutAnIntentOnDisk() throws Exception {
    deploy();
    world.diskFull = true;
    world.kill();
    bus.publish(Scene.lost(4711));
    until(
        () ->
            said(ComponentEvent.Changed.class).stream()
                .anyMatch(change -> change.detail().contains("no space left on device")));
    assertEquals(1, said(IncidentEvent.Opened.class).size(), "said all the same");
    assertEquals(List.of(), world.effects);
    world.diskFull = false;
    until(this::over);
    assertEquals(List.of("requeue", "requeue", "start"), kinds());
    assertEquals(
        ComponentEvent.Status.HEALTHY, said(ComponentEvent.Changed.class).getLast().status());
  }

  @Test
  void restartDoesNotWaitForTheDatabaseAndTheIncidentDoes() throws Exception {
    deploy();
    world.databaseAway = true;
    world.kill();
    bus.publish(Scene.lost(4711));
    until(() -> kinds().equals(List.of("start")));
    Duration away = Duration.ofMinutes(10);
    hands.turn(away);
    await(healer.tick());
    assertFalse(over());
    world.databaseAway = false;
    bus.publish(new BreakerEvent.Closed("database"));
    until(this::over);
    assertEquals(State.CLOSED, only().state());
    assertEquals(Map.of("1", 1, "2", 1), world.requeues);
  }

  @Test
  void pauseLastsOverARestartAndEnds() throws Exception {
    deploy();
    await(bus.ask(HealRequests.PAUSE, new Pause("moving house", null)));
    undeploy();
    deploy();
    world.kill();
    bus.publish(Scene.lost(4711));
    until(() -> !world.disk.isEmpty());
    hands.turn(Duration.ofHours(1));
    for (int i = 0; i < 20; i++) {
      await(healer.tick());
    }
    assertEquals(List.of(), world.effects);
    assertTrue(await(bus.ask(HealRequests.SWITCH, new ReadSwitch())).paused());
    Switch now = await(bus.ask(HealRequests.RESUME, new Resume("moved")));
    assertFalse(now.paused());
    assertFalse(world.facts.containsKey(PauseSwitch.KEY));
    until(this::over);
    assertEquals(State.CLOSED, only().state());
    assertEquals(
        List.of("healing.paused", "healing.resumed"),
        events.stream().map(Event::type).filter(type -> type.startsWith("healing.")).toList());
  }

  @Test
  void pauseWithAnEndEndsByTheTimeOfDay() throws Exception {
    deploy();
    await(bus.ask(HealRequests.PAUSE, new Pause("lunch", Scene.NOON.plus(Duration.ofHours(1)))));
    hands.turn(Duration.ofMinutes(59));
    await(healer.tick());
    assertTrue(await(bus.ask(HealRequests.SWITCH, new ReadSwitch())).paused());
    hands.turn(Duration.ofMinutes(1));
    until(() -> !world.facts.containsKey(PauseSwitch.KEY));
    until(() -> events.stream().anyMatch(event -> event.type().equals("healing.resumed")));
  }

  @Test
  void restartsAreRememberedOverARestartOfTheAgent() throws Exception {
    for (int i = 0; i < 6; i++) {
      deploy();
      world.kill();
      bus.publish(Scene.lost(world.current().pid()));
      int incidents = i + 1;
      until(() -> world.disk.size() == incidents && over());
      undeploy();
    }
    assertEquals(5, kinds().stream().filter("start"::equals).count());
    assertEquals(State.ESCALATED, world.disk.lastEntry().getValue().state());
    assertEquals(1, said(IncidentEvent.Escalated.class).size());
  }

  /** Opened long before the limits count, closed within: it counts. */
  @Test
  void longIncidentThatWasClosedLatelyCounts() throws Exception {
    deploy();
    world.databaseAway = true;
    world.kill();
    bus.publish(Scene.lost(4711));
    until(() -> kinds().equals(List.of("start")));
    hands.turn(Duration.ofDays(3));
    world.databaseAway = false;
    bus.publish(new BreakerEvent.Closed("database"));
    until(this::over);
    undeploy();
    Past past = await(Past.read(bus, "agent", clock -> hands.time().now().minusSeconds(3600)));
    assertEquals(1, past.recent().size());
    Past later = await(Past.read(bus, "agent", clock -> hands.time().now().plusSeconds(1)));
    assertEquals(0, later.recent().size());
  }

  @Test
  void incidentsOfOtherAgentsAreLeftAlone() throws Exception {
    world.dieAt(2);
    deploy();
    bus.publish(Scene.lost(4711));
    until(() -> world.died().getCount() == 0);
    undeploy();
    world.live();
    healer =
        new Healer(Scene.CONFIG, Scene.BOOK, "another", "boot", Scene.alone(), bus, hands.time());
    await(vertx.deployVerticle(healer));
    for (int i = 0; i < 20; i++) {
      await(healer.tick());
    }
    assertEquals(List.of(), world.effects);
  }

  @Test
  void journalThatIsAwayIsSaidAndWaitedFor() throws Exception {
    await(vertx.close());
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    bus.onEvent(events::add);
    deploy();
    bus.publish(Scene.lost(4711));
    until(
        () ->
            said(ComponentEvent.Changed.class).stream()
                .anyMatch(change -> change.detail().contains("the journal cannot be read")));
    world = new ToyWorld(bus);
    world.kill();
    until(this::over);
    assertEquals(State.CLOSED, only().state());
  }

  @Test
  void pauseThatCannotBeWrittenDownIsSaidAndHolds() throws Exception {
    await(vertx.close());
    vertx = Vertx.vertx();
    bus = new Bus(vertx);
    deploy();
    Exception failure =
        assertThrows(
            Exception.class, () -> await(bus.ask(HealRequests.PAUSE, new Pause("now", null))));
    assertTrue(failure.getMessage().contains("would not last"), failure.getMessage());
    assertTrue(await(bus.ask(HealRequests.SWITCH, new ReadSwitch())).paused());
  }
}
