package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.BudgetEvent;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Reason;
import io.selfheal.message.PermitRequests.Refused;
import io.selfheal.message.ServiceRequests.BudgetLevel;
import io.selfheal.message.ServiceRequests.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {
  private static final long UNIT = 1_000_000;

  private static Refused refused(Rig rig, long cost) {
    return assertInstanceOf(Refused.class, rig.ask("a", cost, 0, false));
  }

  private static String spent(Rig rig) {
    return rig.service().budget().spent().toPlainString();
  }

  @Test
  void whatAPermitMayCostIsReservedSoThatABurstCannotExceedIt() {
    Rig rig = new Rig("name: a", "budget: {amount: 10.00}");
    String[] permits = new String[10];
    for (int i = 0; i < 10; i++) {
      permits[i] = rig.permit(UNIT);
    }
    Refused refused = refused(rig, 1);
    assertEquals(Reason.BUDGET_EXHAUSTED, refused.reason());
    assertEquals(Duration.ofHours(12), refused.retryAfter());
    assertEquals("what is left of 10.00 USD a day does not cover it", refused.detail());
    assertEquals("0.00", spent(rig));
    assertEquals("10.00", rig.service().budget().reserved().toPlainString());
    rig.settle(permits[0], 100_001);
    rig.report(permits[1], CallOutcome.IGNORED);
    rig.report(permits[2], CallOutcome.SUCCESS);
    assertEquals("1.100001", spent(rig));
    rig.permit(1_899_999);
    refused(rig, 1);
    refused(rig, 0);
  }

  @Test
  void itWarnsOnceAndSaysOnceThatItIsExhausted() {
    Rig rig = new Rig("name: a", "budget: {amount: 10.00, currency: EUR}");
    rig.settle(rig.permit(7_990_000), 7_990_000);
    assertEquals(List.of(), rig.events);
    rig.settle(rig.permit(10_000), 10_000);
    rig.settle(rig.permit(UNIT), UNIT);
    refused(rig, 2 * UNIT);
    refused(rig, 2 * UNIT);
    Instant midnight = Instant.parse("2026-03-11T00:00:00Z");
    assertEquals(
        List.of(
            new BudgetEvent.Warned(
                "a", new BigDecimal("10.00"), "EUR", new BigDecimal("8.00"), 0.8, midnight),
            new BudgetEvent.Exhausted(
                "a", new BigDecimal("10.00"), "EUR", new BigDecimal("9.00"), midnight)),
        rig.events);
    assertEquals(BudgetLevel.EXHAUSTED, rig.service().budget().level());
  }

  @Test
  void itBeginsAnewAtMidnightAndOpenPermitsGoOver() {
    Rig rig = new Rig("name: a", "limits: {permit_expiry: 24h}", "budget: {amount: 10}");
    rig.settle(rig.permit(5 * UNIT), 5 * UNIT);
    String open = rig.permit(3 * UNIT);
    refused(rig, 3 * UNIT);
    rig.pass(Duration.ofHours(12).minusMillis(1));
    refused(rig, 3 * UNIT);
    rig.pass(Duration.ofMillis(1));
    assertEquals("0.00", spent(rig));
    assertEquals("3.00", rig.service().budget().reserved().toPlainString());
    assertEquals(new BigDecimal("5.00"), ((BudgetEvent.Reset) rig.events.getLast()).spent());
    rig.settle(open, 2 * UNIT);
    assertEquals("2.00", spent(rig));
    rig.permit(8 * UNIT);
    refused(rig, 1);
  }

  /** A permit that nobody reported has cost what it might have. */
  @Test
  void oneThatLapsesIsSpentAndALateReportPutsItRightOnce() {
    Rig rig = new Rig("name: a", "budget: {amount: 10}");
    String permit = rig.permit(4 * UNIT);
    rig.pass(Duration.ofMinutes(1));
    assertEquals("4.00", spent(rig));
    assertEquals("0.00", rig.service().budget().reserved().toPlainString());
    rig.settle(permit, UNIT);
    rig.settle(permit, UNIT);
    assertEquals("1.00", spent(rig));
    assertEquals(new BigDecimal("1.00"), rig.service().counts().cost());
  }

  /** What has been spent has been spent, also when it was thought to be less. */
  @Test
  void moreThanWasReservedIsSpentAllTheSame() {
    Rig rig = new Rig("name: a", "budget: {amount: 10}");
    rig.settle(rig.permit(0), 12 * UNIT);
    assertEquals("12.00", spent(rig));
    refused(rig, 0);
  }

  @Test
  void aClockThatIsSetForwardAndComesBackFindsWhatWasSpent() {
    Rig rig = new Rig("name: a", "budget: {amount: 10}");
    rig.settle(rig.permit(6 * UNIT), 6 * UNIT);
    rig.wall += Duration.ofDays(1).toMillis();
    rig.settle(rig.permit(UNIT), UNIT);
    assertEquals("1.00", spent(rig));
    rig.wall -= Duration.ofDays(1).toMillis();
    rig.pass(Duration.ofSeconds(1));
    assertEquals("7.00", spent(rig));
    rig.wall -= Duration.ofDays(100).toMillis();
    rig.pass(Duration.ofSeconds(1));
    assertEquals("7.00", spent(rig));
  }

  @ParameterizedTest
  @CsvSource({
    "DAY,   UTC,               2026-03-10T12:00:00Z, 2026-03-10T00:00:00Z, 2026-03-11T00:00:00Z",
    "DAY,   Europe/Berlin,     2026-03-10T23:30:00Z, 2026-03-10T23:00:00Z, 2026-03-11T23:00:00Z",
    // 23 hours, and 25.
    "DAY,   Europe/Berlin,     2026-03-29T12:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
    "DAY,   Europe/Berlin,     2026-10-25T12:00:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
    // A day that begins at one o'clock.
    "DAY,   America/Santiago,  2026-09-06T12:00:00Z, 2026-09-06T04:00:00Z, 2026-09-07T03:00:00Z",
    "MONTH, UTC,               2024-02-29T23:59:59Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
    "MONTH, America/New_York,  2026-03-01T04:59:59Z, 2026-02-01T05:00:00Z, 2026-03-01T05:00:00Z",
    "MONTH, America/New_York,  2026-03-01T05:00:00Z, 2026-03-01T05:00:00Z, 2026-04-01T04:00:00Z",
    "MONTH, Asia/Kathmandu,    2026-12-31T18:15:00Z, 2026-12-31T18:15:00Z, 2027-01-31T18:15:00Z",
  })
  void periodsBeginInTheirTimeZone(
      Period per, String zone, Instant now, Instant start, Instant end) {
    BudgetPeriod period = BudgetPeriod.of(per, ZoneId.of(zone), now.toEpochMilli());
    assertEquals(start, Instant.ofEpochMilli(period.start()));
    assertEquals(end, Instant.ofEpochMilli(period.end()));
    assertTrue(period.holds(now.toEpochMilli()));
    assertEquals(period.end(), BudgetPeriod.of(per, ZoneId.of(zone), period.end()).start());
  }
}
