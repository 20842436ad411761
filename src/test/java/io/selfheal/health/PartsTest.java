package io.selfheal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ComponentEvent.Changed;
import io.selfheal.message.ComponentEvent.Status;
import io.selfheal.message.HealthRequests.Component;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartsTest {
  private static final Instant ONE = Instant.ofEpochSecond(1);
  private static final Instant TWO = Instant.ofEpochSecond(2);

  @Test
  void whatHasNotReportedIsUnknown() {
    assertEquals(
        List.of(new Component("host", Status.UNKNOWN, "has not reported yet", null, true)),
        List.copyOf(Parts.expecting(Set.of("host")).all()));
  }

  @Test
  void theTimeIsThatOfTheStatusAndNotOfTheDetail() {
    Parts parts =
        Parts.expecting(Set.of("host"))
            .after(new Changed("host", Status.DEGRADED, "cpu"), ONE)
            .after(new Changed("host", Status.DEGRADED, "disks"), TWO);
    assertEquals(
        new Component("host", Status.DEGRADED, "disks", ONE, true), parts.byName().get("host"));
    assertEquals(
        TWO,
        parts.after(new Changed("host", Status.HEALTHY, ""), TWO).byName().get("host").since());
  }

  @Test
  void aReportOfUnknownHasATimeOfItsOwn() {
    Parts parts =
        Parts.expecting(Set.of("host")).after(new Changed("host", Status.UNKNOWN, "why"), ONE);
    assertEquals(ONE, parts.byName().get("host").since());
  }

  @Test
  void whatNobodyExpectedIsKeptAndNotRequired() {
    Parts parts = Parts.expecting(Set.of()).after(new Changed("api", Status.ERROR, "x"), ONE);
    assertFalse(parts.byName().get("api").required());
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void healthyAndDegradedAreUsable(Status status) {
    boolean usable = Parts.usable(new Component("a", status, "", ONE, true));
    if (Set.of(Status.HEALTHY, Status.DEGRADED).contains(status)) {
      assertTrue(usable);
      return;
    }
    assertFalse(usable);
  }
}
