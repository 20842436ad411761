package io.selfheal.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.json.Json;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.Recorded;
import io.selfheal.message.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Whatever happens in whatever order: nothing twice, nothing out of order, nothing silently lost.
 */
class SessionTest {
  @Property(tries = 2_000)
  void everyWantedEventIsSentOnceInOrderOrLiesInAGap(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 60) int before,
      @ForAll boolean filtered) {
    World world = new World(new Random(seed), before, filtered, false);
    world.live(200);
    world.settle();
    assertTrue(!world.line.closed, "closed with room to spare");
    world.check(true);
  }

  @Property(tries = 1_000)
  void aClientThatIsClosedForSlownessMissedNothingUpToThen(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 60) int before) {
    World world = new World(new Random(seed), before, false, true);
    world.live(300);
    world.check(false);
  }

  /** A journal, the live stream, a client, and chance. */
  private static final class World {
    private final Random chance;
    private final TreeMap<Long, Recorded> all = new TreeMap<>();
    private final TreeMap<Long, Recorded> held = new TreeMap<>();
    private final Audience audience = new Audience();
    private final FakeLine line = new FakeLine();
    private final Filter filter;
    private final Session session;
    private final long start;
    private long received;
    private @Nullable Long asked;
    private @Nullable Events answer;
    private boolean healthy;

    World(Random chance, int before, boolean filtered, boolean tight) {
      this.chance = chance;
      this.filter =
          filtered ? new Filter(List.of("worker.*"), Severity.INFO, "worker/*") : Filter.ALL;
      for (int i = 0; i < before; i++) {
        happen();
      }
      long limit = tight ? 2_000 : 1 << 20;
      boolean replay = before > 0 && chance.nextInt(4) > 0;
      start = replay ? chance.nextInt(before) : received;
      if (replay && chance.nextInt(3) == 0) {
        held.headMap((long) chance.nextInt(before)).clear();
      }
      session =
          replay
              ? Session.replaying(filter, false, limit, line, start, this::hello)
              : Session.live(filter, false, limit, line, start);
      audience.add(session);
    }

    private String hello(Boolean recovered) {
      return Frames.hello("test", new Place(Samples.EPOCH, received), recovered);
    }

    private void happen() {
      received++;
      int kind = chance.nextInt(3);
      String subject = chance.nextBoolean() ? "worker/a" : "worker/b";
      Recorded event =
          switch (kind) {
            case 0 -> Samples.event(received);
            case 1 -> Samples.sample(received, subject);
            default -> Samples.event(received, "error", Severity.INFO, "host");
          };
      all.put(received, event);
      held.put(received, event);
      audience.accept(event);
    }

    void live(int steps) {
      for (int i = 0; i < steps; i++) {
        step();
      }
    }

    private void step() {
      switch (chance.nextInt(9)) {
        case 0, 1, 2 -> happen();
        case 3 -> audience.flush(received);
        case 4 -> line.room = 1 + chance.nextInt(3);
        case 5 -> session.drain();
        case 6 -> ask();
        case 7 -> reply();
        default -> session.rested();
      }
    }

    private void ask() {
      OptionalLong after = session.ask(received);
      if (after.isPresent()) {
        asked = after.getAsLong();
      }
    }

    /** The journal reads now and answers later, or at once, or not at all. */
    private void reply() {
      Long after = asked;
      if (after == null) {
        return;
      }
      if (answer == null) {
        answer = page(after, 1 + chance.nextInt(20));
        if (chance.nextBoolean()) {
          return;
        }
      }
      Events page = answer;
      answer = null;
      asked = null;
      if (!healthy && chance.nextInt(4) == 0) {
        session.failed();
        return;
      }
      session.arrived(page);
    }

    private Events page(long after, int limit) {
      List<Recorded> found =
          held.tailMap(after, false).values().stream()
              .filter(event -> filter.readsAll() || event.type().startsWith("worker."))
              .limit(limit)
              .toList();
      boolean more = found.size() == limit;
      long last = more ? found.getLast().offset() : Math.max(received, after);
      boolean complete = held.isEmpty() || held.firstKey() <= after + 1;
      return new Events(Samples.EPOCH, found, last, complete, more);
    }

    void settle() {
      healthy = true;
      for (int i = 0; i < 400; i++) {
        line.room = 100;
        audience.flush(received);
        session.rested();
        session.drain();
        ask();
        reply();
      }
    }

    void check(boolean whole) {
      long end = whole ? received : line.sent.isEmpty() ? start : line.sent.getLast();
      long previous = start;
      for (long offset : line.sent) {
        assertTrue(offset > previous, offset + " after " + previous);
        previous = offset;
      }
      for (long offset = start + 1; offset <= end; offset++) {
        checkTold(offset);
      }
      assertEquals(
          List.of(), line.sent.stream().filter(offset -> !filter.matches(event(offset))).toList());
    }

    private void checkTold(long offset) {
      boolean told = line.gaps.stream().anyMatch(gap -> gap.from() <= offset && offset <= gap.to());
      if (filter.matches(event(offset))) {
        assertTrue(line.sent.contains(offset) || told, offset + " is lost in silence");
      }
    }

    private Recorded event(long offset) {
      Recorded event = all.get(offset);
      if (event == null) {
        throw new AssertionError(offset + " never happened");
      }
      return event;
    }
  }

  /** A socket that takes some frames, then none until there is room again. */
  private static final class FakeLine implements Line {
    private final List<Long> sent = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private int room = 2;
    private boolean closed;

    @Override
    public boolean writable() {
      return !closed && room > 0;
    }

    @Override
    public void send(String frame) {
      room--;
      try {
        var tree = Json.mapper().readTree(frame);
        tree.path("batch").forEach(event -> sent.add(event.get("offset").asLong()));
        if (tree.has("gap")) {
          var gap = tree.get("gap");
          gaps.add(new Gap(gap.get("from").asLong(), gap.get("to").asLong(), Gap.Reason.NOT_HELD));
        }
      } catch (IOException broken) {
        throw new AssertionError(frame, broken);
      }
    }

    @Override
    public void close(CloseReason reason) {
      closed = true;
    }
  }
}
