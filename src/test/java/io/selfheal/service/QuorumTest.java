package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumTest {
  private static Vote vote(long openedAt, long until) {
    return new Vote("a", "agent@" + openedAt, openedAt, until, "5 failures in a row");
  }

  /** The votes: each when it opened and until when; it is 100, and a call went well here at 50. */
  @ParameterizedTest
  @CsvSource({
    // One host's bad network opens nobody else's.
    "2, '60-200',               ",
    "2, '60-200 70-180',        180",
    "2, '60-200 70-180 80-190', 180",
    "3, '60-200 70-180 80-190', 180",
    "3, '60-200 70-180',        ",
    "1, '60-200',               200",
    // One that looks already does not count, nor does one that opened before a call went well here.
    "2, '60-200 70-100',        ",
    "2, '60-200 50-180',        ",
    "2, '60-200 40-180 70-190', 190",
    // Never.
    "0, '60-200 70-180 80-190', ",
    "2, '',                     ",
  })
  void enoughOthersOpenIt(int least, String votes, Long until) {
    List<Vote> cast =
        Arrays.stream(votes.split(" ", -1))
            .filter(one -> !one.isEmpty())
            .map(one -> one.split("-", -1))
            .map(one -> vote(Long.parseLong(one[0]), Long.parseLong(one[1])))
            .toList();
    Quorum.Majority majority = Quorum.of(cast, 4, least, true, 50, 100);
    assertEquals(until, majority == null ? null : (Long) majority.until());
  }

  @Property
  void fewerThanTheQuorumNeverOpenItAndItIsNeverOpenForLongerThanAnyOfThem(
      @ForAll @Size(max = 6) List<@LongRange(min = 0, max = 200) Long> opened,
      @ForAll @IntRange(min = 1, max = 5) int least,
      @ForAll @LongRange(min = 0, max = 200) long wellAt,
      @ForAll @LongRange(min = 100, max = 300) long mark) {
    List<Vote> votes = new ArrayList<>();
    opened.forEach(at -> votes.add(vote(at, at + 100)));
    List<Vote> counted =
        votes.stream().filter(vote -> vote.openedAt() > wellAt && vote.until() > mark).toList();
    Quorum.Majority majority = Quorum.of(votes, 9, least, true, wellAt, mark);
    if (counted.size() < least) {
      assertNull(majority);
      return;
    }
    assertNotNull(majority);
    assertTrue(majority.until() > mark);
    counted.forEach(vote -> assertTrue(majority.until() <= vote.until()));
    assertNull(Quorum.of(votes, 9, 0, true, wellAt, mark));
  }
}
