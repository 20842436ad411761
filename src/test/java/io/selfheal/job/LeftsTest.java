package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.job.Judgement.Cause;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeftsTest {
  private final Lefts lefts = new Lefts("images");

  @Test
  void saysAJobOnceAnAttemptAndCause() {
    assertEquals(1, look(left("1", "a", Cause.SLOW_BUT_ALIVE)));
    assertEquals(0, look(left("1", "a", Cause.SLOW_BUT_ALIVE)));
    assertEquals(1, look(left("1", "b", Cause.SLOW_BUT_ALIVE)));
    assertEquals(1, look(left("1", "b", Cause.STILL_BEATING)));
  }

  @Test
  void forgetsWhatIsNoLongerThere() {
    assertEquals(1, look(left("1", "a", Cause.SLOW_BUT_ALIVE)));
    assertEquals(0, look());
    assertEquals(1, look(left("1", "a", Cause.SLOW_BUT_ALIVE)));
  }

  @Test
  void saysOnlySoMuchAtATime() {
    Judgement[] many =
        IntStream.range(0, 250)
            .mapToObj(id -> left("" + id, "a", Cause.SLOW_BUT_ALIVE))
            .toArray(Judgement[]::new);
    assertEquals(100, look(many));
    assertEquals(100, look(many));
    assertEquals(50, look(many));
    assertEquals(0, look(many));
  }

  private int look(Judgement... judgements) {
    lefts.begin();
    int said = lefts.say(List.of(judgements)).size();
    lefts.end();
    return said;
  }

  private static Judgement left(String id, String claim, Cause cause) {
    return new Judgement(
        new Candidate(id, null, null, null, null, claim, null),
        Verdict.of(Ruling.ALIVE, "runs"),
        Effect.LEAVE,
        cause,
        "slow");
  }
}
