package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.job.Spot.Look;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StretchTest {
  private static final Look LOOK = new Look("77");

  private static Candidate job(String id, @Nullable Spot spot) {
    return new Candidate(id, null, null, null, null, "claim", null, null, null, null, spot);
  }

  private static Candidate job(int number) {
    return job("id" + number, new Spot(LOOK, number));
  }

  @Test
  void jobsThatFollowOneAnotherAreOne() {
    assertEquals(
        Optional.of(new Stretch("id4", "id6", "77", 3)),
        Stretch.of(List.of(job(4), job(5), job(6))));
    assertEquals(Optional.of(new Stretch("id4", "id4", "77", 1)), Stretch.of(List.of(job(4))));
  }

  @Test
  void oneThatIsLeftOutMakesThemNone() {
    assertEquals(Optional.empty(), Stretch.of(List.of(job(4), job(6))));
  }

  @Test
  void norInAnotherOrder() {
    assertEquals(Optional.empty(), Stretch.of(List.of(job(5), job(4))));
  }

  @Test
  void twoLooksAreTwoThoughTheySawTheSameHorizon() {
    Candidate other = job("id5", new Spot(new Look("77"), 5));
    assertEquals(Optional.empty(), Stretch.of(List.of(job(4), other)));
  }

  @Test
  void aLookThatDoesNotSayWhatItSawHasNone() {
    assertEquals(Optional.empty(), Stretch.of(List.of(job("id4", null))));
    assertEquals(Optional.empty(), Stretch.of(List.of(job(4), job("id5", null))));
  }
}
