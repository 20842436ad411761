package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.selfheal.bus.Time;
import io.selfheal.job.Claims.Bounds;
import io.selfheal.job.Claims.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ClaimsTest {
  private long nanos;
  private final Claims claims = new Claims(new Time(() -> Instant.EPOCH, () -> nanos));

  @Test
  void tellsSinceWhenAClaimIsKnownAndSinceWhenItCanBe() {
    pass(job("1", "a"));
    seconds(5);
    pass(job("1", "a"), job("2", "b"));
    seconds(5);
    assertEquals(span(Duration.ofSeconds(10), null), claims.span(job("1", "a")));
    assertEquals(span(Duration.ofSeconds(5), Duration.ofSeconds(10)), claims.span(job("2", "b")));
    assertEquals(Span.NOTHING, claims.span(job("1", "another")));
    assertEquals(Span.NOTHING, claims.span(job("3", "c")));
  }

  @Test
  void anotherClaimOfTheSameJobIsNew() {
    pass(job("1", "a"));
    seconds(5);
    pass(job("1", "b"));
    seconds(1);
    assertEquals(span(Duration.ofSeconds(1), Duration.ofSeconds(6)), claims.span(job("1", "b")));
  }

  @Test
  void whatDidNotRunInBetweenIsNewThoughItsRowLooksTheSame() {
    pass(job("1", "a"));
    seconds(5);
    pass();
    seconds(5);
    pass(job("1", "a"));
    assertEquals(span(Duration.ZERO, Duration.ofSeconds(5)), claims.span(job("1", "a")));
    claims.forget(List.of("1"));
    assertEquals(Span.NOTHING, claims.span(job("1", "a")));
  }

  @Test
  void aPassThatDoesNotReachItsEndProvesNothingAbsent() {
    claims.pass().read(List.of(job("1", "a")));
    seconds(5);
    claims.pass().read(List.of(job("2", "b")));
    assertEquals(span(Duration.ZERO, null), claims.span(job("2", "b")));
    assertEquals(span(Duration.ofSeconds(5), null), claims.span(job("1", "a")));
  }

  @Test
  void aRowWithoutATimeCannotTellClaimsApart() {
    Candidate timeless = new Candidate("1", "here:1", null, null, null, "a", null);
    pass(timeless);
    assertEquals(Span.NOTHING, claims.span(timeless));
  }

  @Test
  void whatWasNotReadYetHasComeSinceAllWasRead() {
    assertNull(claims.bounds(job("2", "b")));
    pass(job("1", "a"));
    seconds(5);
    Duration since = Duration.ofSeconds(5);
    Bounds came = new Bounds(Duration.ZERO, since, Duration.ZERO, since);
    assertEquals(came, claims.bounds(job("2", "b")));
    assertEquals(came, claims.bounds(job("1", "another")));
  }

  @Test
  void ofMoreThanItRemembersItSaysNothing() {
    Candidate[] many =
        IntStream.range(0, Claims.MOST + 5)
            .mapToObj(id -> job("" + id, "a"))
            .toArray(Candidate[]::new);
    pass(many);
    assertEquals(Span.NOTHING, claims.span(many[Claims.MOST]));
    assertNull(claims.bounds(many[Claims.MOST]));
    assertEquals(Duration.ZERO, claims.span(many[0]).knownFor());
    claims.forget(List.of("0"));
    claims.pass().read(List.of(many[Claims.MOST]));
    assertNull(claims.span(many[Claims.MOST]).newerThan());
  }

  /** The age that the row tells later is not asked: its clock may have been turned since. */
  @Test
  void theAgeByTheRowIsThatOfTheFirstReading() {
    pass(job("1", "a"));
    seconds(5);
    Candidate turned = new Candidate("1", "here:1", Duration.ofHours(1), null, null, "a", null);
    pass(turned);
    assertEquals(Duration.ofSeconds(14), claims.span(turned).byRow());
  }

  /** Of {@link #job}. */
  private static Span span(Duration knownFor, @Nullable Duration newerThan) {
    return new Span(knownFor, newerThan, Duration.ofSeconds(9).plus(knownFor));
  }

  private void pass(Candidate... jobs) {
    Claims.Pass pass = claims.pass();
    pass.read(List.of(jobs));
    pass.end();
  }

  private void seconds(int count) {
    nanos += Duration.ofSeconds(count).toNanos();
  }

  private static Candidate job(String id, String claim) {
    return new Candidate(id, "here:1", Duration.ofSeconds(9), null, null, claim, null);
  }
}
