package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.BreakerState;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.ServiceRequests.BudgetLevel;
import io.selfheal.message.ServiceRequests.Hand;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lasts over a restart, and what becomes of a file that was damaged. */
class StateFileTest {
  private static final long UNIT = 1_000_000;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("services.state");
  }

  @Test
  void anOpenBreakerStaysOpenForWhatIsLeft() {
    Rig rig = new Rig(file, "name: a", "breaker: {open_for: 20s..5m}").failures(5);
    rig.pass(Duration.ofSeconds(5)).restart();
    assertEquals(BreakerState.OPEN, rig.service().breaker().state());
    assertEquals("5 failures in a row", rig.service().breaker().reason());
    assertEquals(Duration.ofSeconds(15), rig.refused().retryAfter());
    rig.pass(Duration.ofSeconds(15)).failures(1);
    assertEquals(Duration.ofSeconds(40), rig.refused().retryAfter());
  }

  @Test
  void noClockMakesTheWaitLonger() {
    Rig rig = new Rig(file, "name: a", "breaker: {open_for: 20s..5m}").failures(5);
    rig.wall -= Duration.ofDays(1000).toMillis();
    rig.restart();
    assertEquals(Duration.ofSeconds(20), rig.refused().retryAfter());
  }

  @Test
  void aHalfOpenOneLooksAgainAndThePermitsOfBeforeTellItNothing() {
    Rig rig = new Rig(file, "name: a").failures(5).pass(Duration.ofSeconds(5));
    String probe = rig.permit();
    long epoch = rig.service().breaker().epoch();
    rig.restart();
    assertEquals(BreakerState.HALF_OPEN, rig.service().breaker().state());
    assertTrue(rig.service().breaker().epoch() > epoch);
    rig.report(probe, CallOutcome.SUCCESS);
    rig.successes(1);
    assertEquals(BreakerState.HALF_OPEN, rig.service().breaker().state());
    rig.successes(1);
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
  }

  @Test
  void aPersonsHandLasts() {
    Rig rig = new Rig(file, "name: a");
    rig.force(Hand.FORCED_OPEN, Duration.ofHours(1));
    rig.pass(Duration.ofMinutes(20)).restart();
    assertEquals("anna", rig.service().breaker().author());
    assertEquals("because", rig.service().breaker().reason());
    assertEquals(Duration.ofMinutes(40), rig.refused().retryAfter());
    rig.force(Hand.DISABLED, null);
    rig.restart();
    assertEquals(BreakerState.DISABLED, rig.service().breaker().state());
    assertNull(rig.service().breaker().until());
    rig.force(Hand.RESET, null);
    rig.restart();
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
    assertNull(rig.service().breaker().reason());
  }

  @Test
  void aHandWhoseEndCameMeanwhileIsTakenAway() {
    Rig rig = new Rig(file, "name: a");
    rig.force(Hand.FORCED_CLOSED, Duration.ofHours(1));
    rig.wall += Duration.ofHours(2).toMillis();
    rig.restart().pass(Duration.ofMillis(1));
    assertEquals(BreakerState.CLOSED, rig.service().breaker().state());
  }

  @Test
  void whatWasSpentIsAndWhatWasReservedCountsAsSpent() {
    Rig rig = new Rig(file, "name: a", "budget: {amount: 10}");
    rig.settle(rig.permit(5 * UNIT), 4 * UNIT);
    String open = rig.permit(5 * UNIT);
    rig.restart();
    assertEquals("9.00", rig.service().budget().spent().toPlainString());
    assertEquals("0.00", rig.service().budget().reserved().toPlainString());
    assertEquals(BudgetLevel.WARNED, rig.service().budget().level());
    rig.settle(open, UNIT);
    rig.restart().restart();
    assertEquals("9.00", rig.service().budget().spent().toPlainString());
    rig.permit(UNIT);
    assertEquals(1, rig.types().stream().filter("budget.warned"::equals).count());
  }

  @Test
  void aDayThatEndedMeanwhileIsOver() {
    Rig rig = new Rig(file, "name: a", "budget: {amount: 10}");
    rig.settle(rig.permit(5 * UNIT), 4 * UNIT);
    rig.wall += Duration.ofHours(13).toMillis();
    rig.restart();
    assertEquals("0.00", rig.service().budget().spent().toPlainString());
  }

  @Test
  void limitsAndTheRetryBudgetLast() {
    Rig rig = new Rig(file, "name: a", "limits: {rate: 60/min}", "breaker: {consecutive: 0}");
    rig.failures(6).successes(54).restart();
    Refused refused = rig.refused();
    assertEquals(Reason.RATE_LIMITED, refused.reason());
    assertEquals(Duration.ofSeconds(1), refused.retryAfter());
    assertEquals(9.4, rig.service().retryBudget().tokens(), 0.001);
    rig.wall += Duration.ofSeconds(30).toMillis();
    rig.restart();
    assertEquals(30, rig.service().limits().rate().free());
  }

  @Test
  void aServiceIsFoundByItsNameWhereverItStands() {
    new Rig(file, "name: a", "name: b").failures(5);
    Rig moved = new Rig(file, "name: c", "name: b", "name: a");
    assertEquals(BreakerState.OPEN, moved.service().breaker().state());
    new Rig(file, "name: b");
    assertEquals(
        BreakerState.OPEN, new Rig(file, "name: d", "name: a").service().breaker().state());
  }

  @Test
  void aLongReasonIsCutAndNoHalfCharacterIsLeft() {
    Rig rig = new Rig(file, "name: a");
    rig.guard
        .named("a")
        .orElseThrow()
        .force(Hand.FORCED_OPEN, "ä€".repeat(500), "anna".repeat(50), null, rig.now());
    rig.restart();
    assertTrue(rig.service().breaker().reason().matches("(ä€)+ä?"), "" + rig.service().breaker());
    assertEquals("anna".repeat(16), rig.service().breaker().author());
  }

  @Test
  void aFileThatIsNoneIsPutAside() throws Exception {
    for (byte[] content : List.of(new byte[0], new byte[10], new byte[20_000])) {
      Files.write(file, content);
      StateFile.Opened opened = StateFile.open(file, List.of("a"), 42);
      assertNotNull(opened.damage());
      assertEquals(content.length, Files.size(opened.aside()));
      opened.file().close();
      Files.delete(opened.aside());
      StateFile.Opened again = StateFile.open(file, List.of("a"), 43);
      assertNull(again.damage());
      again.file().close();
    }
  }

  private void damage(long at) throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {77, 77, 77}), at);
    }
  }

  /** A kilobyte a service behind a page; its numbers lie there twice, 192 bytes apart. */
  @Test
  void oneCopyOfTwoIsEnough() throws Exception {
    new Rig(file, "name: a", "name: b").failures(5).restart().pass(Duration.ofSeconds(6));
    byte[] whole = Files.readAllBytes(file);
    for (int copy : new int[] {0, 192}) {
      Files.write(file, whole);
      damage(4096 + 128 + copy + 24);
      StateFile.Opened opened = StateFile.open(file, List.of("a", "b"), 42);
      assertNull(opened.damage());
      opened.file().close();
    }
    damage(4096 + 128 + 24);
    StateFile.Opened opened = StateFile.open(file, List.of("a", "b"), 42);
    assertEquals("what it says of a cannot be read", opened.damage());
    assertTrue(Files.exists(opened.aside()));
    opened.file().close();
  }
}
