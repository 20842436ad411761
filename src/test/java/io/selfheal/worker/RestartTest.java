package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerEvent.End;
import io.selfheal.message.WorkerRequests.Holder;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RestartTest {
  private static final Verdict GONE = Verdict.of(Ruling.DEAD, "no process 7 on this host");

  @Test
  void whoHeldAJobSinceBeforeTheStartOfTheMachineEndedWithIt() {
    Verdict told = weigh("Here", Duration.ofMinutes(6), GONE);
    assertEquals(Ruling.DEAD, told.ruling());
    assertEquals(End.ORDERLY, told.end());
    assertTrue(told.evidence().getLast().contains("ended with the machine"), told.toString());
    assertEquals(End.ORDERLY, weigh(null, Duration.ofMinutes(6), GONE).end());
  }

  @Test
  void anotherEndIsNotTakenForIt() {
    assertEquals(GONE, weigh("here", Duration.ofMinutes(4), GONE), "taken since");
    assertEquals(GONE, weigh("here", null, GONE), "of no known age");
    assertEquals(GONE, weigh("there", Duration.ofMinutes(6), GONE), "another machine");
    Verdict crashed = GONE.ended(End.CRASHED);
    assertEquals(crashed, weigh("here", Duration.ofMinutes(6), crashed), "it was seen");
    Verdict alive = Verdict.of(Ruling.ALIVE, "pid 7 is alive");
    assertEquals(alive, weigh("here", Duration.ofMinutes(6), alive));
  }

  private static Verdict weigh(
      @Nullable String host, @Nullable Duration claimAge, Verdict verdict) {
    Holder holder =
        new Holder("k", null, host, OptionalLong.of(7), OptionalLong.empty(), null, claimAge);
    return Restart.weigh(holder, verdict, "here", Duration.ofMinutes(5));
  }
}
